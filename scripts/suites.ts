import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { z } from "zod";

/** The project's root. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Counts of a suite; `skipped` names what did not run, so that a missing back end is seen, and `failures` what failed. */
export interface SuiteResult {
  name: string;
  passed: number;
  failed: number;
  skipped: string[];
  failures: string[];
}

const vitestReportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).optional() })),
    }),
  ),
});

/** A suite that could not even write its report counts as one failure. */
function brokenSuite(name: string): SuiteResult {
  return { name, passed: 0, failed: 1, skipped: [], failures: [] };
}

/** The head and the tail of what a test said, on one line: where only the end of a log is kept, it must do. */
function summarize(message: string): string {
  const line = stripVTControlCharacters(message).replaceAll(/\s+/g, " ").trim();
  return line.length <= 700 ? line : `${line.slice(0, 300)} … ${line.slice(-400)}`;
}

/** Runs the TypeScript tests: the fast ones, or those in `*.slow.test.ts`. */
export async function runVitest(speed: "fast" | "slow"): Promise<SuiteResult> {
  const name = `vitest (${speed})`;
  const scratch = mkdtempSync(join(tmpdir(), "temper-vitest-"));
  const outputFile = join(scratch, "report.json");
  await execa("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${outputFile}`], {
    cwd: root,
    stdio: "inherit",
    preferLocal: true,
    reject: false,
    env: { TEMPER_TESTS: speed },
  });
  try {
    const report = vitestReportSchema.parse(JSON.parse(readFileSync(outputFile, "utf8")));
    const assertions = report.testResults.flatMap((file) => file.assertionResults);
    const withStatus = (...statuses: string[]) => assertions.filter(({ status }) => statuses.includes(status));
    return {
      name,
      passed: report.numPassedTests,
      failed: report.numFailedTests || Math.min(1, report.numFailedTestSuites),
      skipped: withStatus("pending", "skipped").map(({ fullName }) => fullName),
      failures: withStatus("failed").map(({ fullName, failureMessages = [] }) => `${fullName}: ${summarize(failureMessages.join("\n"))}`),
    };
  } catch {
    return brokenSuite(name);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs the Python tests: those without, or with, the marker `slow`. */
export async function runPytest(speed: "fast" | "slow"): Promise<SuiteResult> {
  const name = `pytest (${speed})`;
  const scratch = mkdtempSync(join(tmpdir(), "temper-pytest-"));
  const junit = join(scratch, "report.xml");
  const marker = speed === "fast" ? "not slow" : "slow";
  await execa(join(root, ".venv/bin/python"), ["-m", "pytest", "-q", "-rs", "-m", marker, `--junitxml=${junit}`], {
    cwd: join(root, "gpu-scripts"),
    stdio: "inherit",
    reject: false,
    env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" },
  });
  try {
    return readJunit(name, readFileSync(junit, "utf8"));
  } catch {
    return brokenSuite(name);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Reads the counts that pytest writes into the first `<testsuite>` of its JUnit file. */
function readJunit(name: string, xml: string): SuiteResult {
  const count = (attribute: string) => Number(new RegExp(`<testsuite [^>]*\\b${attribute}="(\\d+)"`).exec(xml)?.[1] ?? Number.NaN);
  const failed = count("failures") + count("errors");
  const passed = count("tests") - failed - count("skipped");
  if (!Number.isFinite(passed)) return brokenSuite(name);
  const withOutcome = (outcome: string) =>
    [...xml.matchAll(new RegExp(`<testcase [^>]*\\bname="([^"]+)"[^>]*><(?:${outcome})`, "g"))].map((match) => match[1] ?? "?");
  return { name, passed, failed, skipped: withOutcome("skipped"), failures: withOutcome("failure|error") };
}
