import { describe, expect, it } from "vitest";
import { type Action, type ActionTypeName, fullFidelity } from "#src/action/action.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import { Remerges } from "#src/policy/lookahead/remerges.ts";
import { weigh } from "#src/memory/experience.ts";
import { createRng } from "#src/policy/rng.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

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

/** Where all but the base and two models are banned: a merge of these two, or of merges of them. */
const isOfPair = ({ models }: Action) => !models.includes("m0");

describe("LookaheadPolicy", () => {
  it("puts no fourth merge of the same trained models on its short list", async () => {
    const run = new SimulatedRun(3);
    const policy = createPolicy("lookahead", run.config);
    await run.run(policy, 7);
    const scoreOf = ({ id }: { id: string }) => weigh(run.scores.get(id) ?? {}, run.weights);
    const [, , ...worse] = run.models.filter(({ id }) => id !== "m0").toSorted((a, b) => scoreOf(b) - scoreOf(a));
    for (const actionType of ["sft", "dpo"]) run.direct({ kind: "ban", actionType });
    for (const { id } of worse) run.direct({ kind: "ban", object: id });
    const shortLists = async () => {
      const proposals = await Promise.all(Array.from({ length: 30 }, (_, draw) => policy.propose(run, createRng(draw))));
      return proposals.flatMap((proposal) => proposal?.candidates.map(({ action }) => action) ?? []);
    };
    for (let time = 0; time < 3; time++) {
      expect((await shortLists()).some(isOfPair)).toBe(true);
      const action = [...run.space.iterate()].find(isOfPair) ?? merge([]);
      policy.observe(run.finish(run.start(action)), run);
    }
    expect([...run.space.iterate()].some(isOfPair)).toBe(true);
    const left = await shortLists();
    expect(left.length).toBeGreaterThan(0);
    expect(left.filter(isOfPair)).toEqual([]);
  });
});
