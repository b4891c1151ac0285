import { describe, expect, it } from "vitest";
import { renderPipeline } from "#bots/terminal/render/render-pipeline.ts";
import { type Action, type ActionTypeName, fullFidelity, type Setting } from "#src/action/action.ts";
import type { PoolModel } from "#src/pool/objects.ts";

const models = new Map<string, PoolModel>();
const actions = new Map<string, Action>();

function add(id: string, action: Pick<Action, "type" | "models" | "datasets"> & { setting?: Setting; seed?: number }): void {
  model(id, null, action.models);
  actions.set(id, { setting: {}, seed: 0, fidelity: fullFidelity, ...action });
}

function model(id: string, name: string | null, parents: string[]): void {
  const shape = { trial: null, base: "m0", depth: 0, compatibility: "c", parameters: 1, path: "", form: "full" } as const;
  models.set(id, { kind: "model", id, name, key: id, parents, ...shape });
}

const train = (id: string, parent: string, dataset: string, type: ActionTypeName = "sft") =>
  add(id, { type, models: [parent], datasets: [dataset] });

model("m0", "base", []);
train("m1", "m0", "math_noisy");
train("m2", "m1", "common");
train("m3", "m0", "trivia");
add("m4", { type: "merge_ties", models: ["m2", "m3"], datasets: [], setting: { density: 0.8 } });
train("m5", "m4", "math");
train("m6", "m5", "pref_math", "dpo");
add("m7", { type: "merge_linear", models: ["m1", "m4", "m0"], datasets: [] });
add("m8", { type: "sft", models: ["m0"], datasets: ["math", "trivia"] });

add("m9", { type: "sft", models: ["m0"], datasets: ["math"], seed: 2 });

const draw = (id: string) => renderPipeline(id, models, actions).join("\n");

describe("renderPipeline", () => {
  it("names a base by its own name", () => {
    expect(draw("m0")).toBe("base");
  });

  it("draws trainings one after the other, by their data", () => {
    expect(draw("m2")).toBe("math_noisy → common");
    expect(draw("m8")).toBe("math + trivia");
    expect(draw("m9")).toBe("math (seed 2)");
  });

  it("joins what is merged and goes on from there", () => {
    expect(draw("m6")).toBe(["math_noisy → common ┐", "trivia ─────────────┴ TIES .8 → math → DPO pref_math"].join("\n"));
  });

  it("draws a merge of a merge, and a model that is used twice by its id", () => {
    expect(draw("m7").split("\n")).toEqual([
      "math_noisy = m1 ──────┐",
      "m1 → common ┐         │",
      "trivia ─────┴ TIES .8 ┤",
      "base ─────────────────┴ linear",
    ]);
  });
});
