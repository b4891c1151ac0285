import { describe, expect, it } from "vitest";
import { formatLineage } from "#src/pipeline/format-lineage.ts";
import { lineageOf } from "#src/pipeline/lineage.ts";
import { baseModel, madeModel } from "#tests/fixtures/pool-objects.ts";
import { anAction } from "#tests/fixtures/recorded-run.ts";

const models = new Map(
  [
    baseModel("m0", { name: "tiny" }),
    madeModel("m1"),
    madeModel("m2", { parents: ["m1"], depth: 2 }),
    madeModel("m3"),
    madeModel("m4", { parents: ["m2", "m3"], depth: 3 }),
    madeModel("m5", { parents: ["m4"], depth: 4 }),
    madeModel("m6", { parents: ["m5", "m1"], depth: 5 }),
    madeModel("m7"),
  ].map((model) => [model.id, model]),
);
const actions = new Map([
  ["m1", anAction("sft", ["m0"], ["math_noisy"], { max_steps: 80 })],
  ["m2", anAction("sft", ["m1"], ["common"], { max_steps: 80 })],
  ["m3", anAction("sft", ["m0"], ["trivia"], { max_steps: 20 })],
  ["m4", anAction("merge_ties", ["m2", "m3"], [], { density: 0.8 })],
  ["m5", anAction("dpo", ["m4"], ["prefs"])],
  ["m6", anAction("merge_linear", ["m1", "m5"], [], { weights: [0.2, 0.8] })],
]);

describe("lineageOf", () => {
  it("holds every ancestor once, parents before children, and nothing else", () => {
    const { nodes, edges } = lineageOf("m6", models, actions);
    expect(nodes.map((node) => node.id)).toEqual(["m0", "m1", "m3", "m2", "m4", "m5", "m6"]);
    expect(edges).toContainEqual({ from: "m1", to: "m6", weight: 0.2 });
    expect(edges).toContainEqual({ from: "m5", to: "m6", weight: 0.8 });
    expect(edges).toHaveLength(8);
  });

  it("is one node for a base", () => {
    expect(lineageOf("m0", models, actions)).toMatchObject({ nodes: [{ id: "m0", name: "tiny", method: null }], edges: [] });
  });
});

describe("formatLineage", () => {
  it("draws a tree, and a shared ancestor once", () => {
    expect(formatLineage(lineageOf("m6", models, actions))).toBe(
      [
        "m6 = linear merge, weights 0.2 and 0.8",
        "├ m5 = DPO on prefs, 1 epoch × 0.8",
        "│ └ m4 = TIES merge, density 0.8",
        "│   ├ m2 = SFT on common, 80 steps",
        "│   │ └ m1 = SFT on math_noisy, 80 steps",
        "│   │   └ m0 (tiny)",
        "│   └ m3 = SFT on trivia, 20 steps",
        "│     └ m0 (tiny)",
        "└ m1 = SFT on math_noisy, 80 steps × 0.2 (as above)",
      ].join("\n"),
    );
  });
});
