import { expect, it } from "vitest";
import type { Lineage } from "#src/pipeline/lineage.ts";
import { lineageDot } from "#src/report/lineage-dot.ts";
import { anAction } from "#tests/fixtures/recorded-run.ts";

it("breaks what a mixture of many datasets is called over several lines, between its words", () => {
  const datasets = ["common", "common_name", "math", "math_noisy", "math_words", "trivia"];
  const method = `SFT on ${datasets.join(", ")}, 80 steps`;
  const action = anAction("sft", ["m0"], datasets);
  const lineage: Lineage = {
    model: "m1",
    nodes: [{ id: "m1", name: null, action, method, trial: 1, depth: 1 }],
    edges: [],
  };
  const label = /label="([^"]*)"/.exec(lineageDot(lineage, null))?.[1]?.split("\\n") ?? [];
  expect(Math.max(...label.map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(label.join(" ")).toBe(`m1 ${method} trial 1`);
});
