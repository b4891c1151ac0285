import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { root, runPytest, runVitest, type SuiteResult } from "./suites.ts";

/** Checks that read the tree without running it. Each counts as one test. */
const staticChecks: [name: string, command: string, ...args: string[]][] = [
  ["format", "oxfmt", "--check", "."],
  ["lint", "oxlint", "--type-aware", "--deny-warnings"],
  ["types", "tsc"],
  ["dead code", "knip"],
  ["schema drift", "node", "tools/contract/write-schemas.ts", "--check"],
  ["python lint", ".venv/bin/python", "-m", "ruff", "check", "gpu-scripts", "tests/gpu-scripts", "bench"],
  ["python format", ".venv/bin/python", "-m", "ruff", "format", "--check", "gpu-scripts", "tests/gpu-scripts", "bench"],
  ["python types", "pyright", "-p", "gpu-scripts"],
];

async function runStaticCheck([name, command, ...args]: (typeof staticChecks)[number]): Promise<SuiteResult> {
  process.stdout.write(`\n== ${name}\n`);
  const { exitCode } = await execa(command, args, { cwd: root, stdio: "inherit", preferLocal: true, reject: false });
  const failed = exitCode === 0 ? 0 : 1;
  return { name, passed: 1 - failed, failed, skipped: [], failures: [] };
}

/** What `npm test` left: the fast suites' counts. */
function fastResults(): SuiteResult[] {
  const suite = z.object({
    name: z.string(),
    passed: z.number(),
    failed: z.number(),
    skipped: z.array(z.string()),
    failures: z.array(z.string()),
  });
  return z.array(suite).parse(JSON.parse(readFileSync(join(root, ".cache/test-results.json"), "utf8")));
}

const results = fastResults();
for (const check of staticChecks) results.push(await runStaticCheck(check));
results.push(await runPytest("slow"), await runVitest("slow"));

// Here every back end must be there: what was skipped has not been tested.
const skipped = results.flatMap((each) => each.skipped.map((test) => `${each.name}: ${test}`));
for (const test of skipped) process.stdout.write(`FAILED, skipped where nothing may be: ${test}\n`);
for (const { name, failed, failures } of results) {
  if (failed > 0) process.stdout.write(`FAILED: ${name} (${failed})\n${failures.map((test) => `  ${test}\n`).join("")}`);
}
const failed = results.reduce((sum, each) => sum + each.failed, 0) + skipped.length;
const passed = results.reduce((sum, each) => sum + each.passed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
