import { describe, expect, it } from "vitest";
import { type Action, type ActionTypeName, fullFidelity } from "#src/action/action.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import { Remerges } from "#src/policy/lookahead/remerges.ts";
import { landscapeConfig, SimulatedRun } from "#tests/fixtures/simulated-run.ts";

function merge(models: string[], type: ActionTypeName = "merge_ties"): Action {
  return { type, models, datasets: [], setting: {}, seed: 0, fidelity: fullFidelity };
}

describe("Remerges", () => {
  it("counts merges by the trained models that are in them, through merges of merges", () => {
    const remerges = new Remerges();
    remerges.note(merge(["m1", "m2"]), "m3");
    remerges.note(merge(["m1", "m3"], "merge_linear"), "m4");
    expect(remerges.isWornOut(merge(["m3", "m4"]), [])).toBe(false);
    remerges.note(merge(["m2", "m4"]), null);
    expect(remerges.isWornOut(merge(["m3", "m4"]), [])).toBe(true);
    expect(remerges.isWornOut(merge(["m2", "m1"], "merge_linear"), [])).toBe(true);
    expect(remerges.isWornOut(merge(["m4", "m5"]), [])).toBe(false);
  });

  it("counts merges under way, and only merges", () => {
    const remerges = new Remerges();
    const again = [merge(["m1", "m2"]), merge(["m2", "m1"], "merge_linear"), merge(["m1", "m2"], "merge_slerp")];
    expect(remerges.isWornOut(merge(["m1", "m2"]), again.slice(1))).toBe(false);
    expect(remerges.isWornOut(merge(["m1", "m2"]), again)).toBe(true);
    const training: Action = { ...merge(["m1"]), type: "sft", datasets: ["math"] };
    for (let time = 0; time < 4; time++) remerges.note(training, `m${time + 5}`);
    expect(remerges.isWornOut(training, [])).toBe(false);
  });
});

describe("LookaheadPolicy", () => {
  it("does not spend its trials on the same trained models merged again and again", async () => {
    const run = new SimulatedRun(1, landscapeConfig({ budget: { trials: 60 }, mixture_datasets: 1 }));
    await run.run(createPolicy("lookahead", run.config), 60);
    const ingredients = new Map<string, string[]>();
    const counts = new Map<string, number>();
    for (const { action, model } of run.trials) {
      if (!action.type.startsWith("merge_")) continue;
      const set = [...new Set(action.models.flatMap((id) => ingredients.get(id) ?? [id]))].toSorted();
      counts.set(set.join(), (counts.get(set.join()) ?? 0) + 1);
      if (model !== null) ingredients.set(model, set);
    }
    expect(counts.size).toBeGreaterThan(0);
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(3);
  });
});
