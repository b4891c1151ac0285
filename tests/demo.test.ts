import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { summarySchema } from "#bench/temper/answers.ts";
import { askTemper } from "#bench/temper/run-temper.ts";
import { root } from "../scripts/suites.ts";

it("demo: real trainings from the baselines to the report, with final opened once", { timeout: 600_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), "temper-demo-"));
  try {
    const args = ["demo", "--trials", "2", "--home", home];
    const { answer } = await askTemper({ root, args, print: null }, summarySchema);
    expect(answer.counts).toMatchObject({ chosen: 2, failed: 0 });
    expect(answer.counts.other).toBeGreaterThanOrEqual(12);
    expect(answer.best.search).toMatchObject({ split: "search", items: 600 });
    expect(answer.best.final).toMatchObject({ split: "final", items: 600 });
    expect(answer.rows.map((row) => row.label).join("; ")).toMatch(/base m0.*SFT on all data/);
    expect(existsSync(answer.report)).toBe(true);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
