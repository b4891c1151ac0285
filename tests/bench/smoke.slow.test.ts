import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));
const notBenches = new Set(["bench.ts", "json.ts", "run.ts"]);
const names = readdirSync(`${root}/bench`)
  .filter((file) => file.endsWith(".ts") && !notBenches.has(file))
  .map((file) => file.replace(/\.ts$/, ""));

const lastLineSchema = z.strictObject({
  name: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  target: z.string(),
  pass: z.boolean().nullable(),
  details: z.record(z.string(), z.json()),
});

describe("npm run bench", () => {
  it.each(names)("measures %s in its short form", async (name) => {
    const { exitCode, stdout, stderr } = await execa(process.execPath, ["bench/run.ts", name, "--smoke"], { cwd: root, reject: false });
    const result = lastLineSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
    expect(result.pass, `${stdout.slice(-2000)}\n${stderr.slice(-500)}`).not.toBe(false);
    expect(exitCode).toBe(result.pass === null ? 4 : 0);
    expect(result.name).toBe(name);
  });

  it("lists every benchmark", async () => {
    const { stdout } = await execa(process.execPath, ["bench/run.ts"], { cwd: root });
    for (const name of names) expect(stdout).toContain(name);
  });

  it("names the benchmarks there are when it is asked for another", async () => {
    const { exitCode, stderr } = await execa(process.execPath, ["bench/run.ts", "nothing"], { cwd: root, reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("llm-faults");
  });
});
