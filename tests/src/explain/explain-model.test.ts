import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explainModel } from "#src/explain/explain-model.ts";
import { renderWhy } from "#src/explain/render-why.ts";
import { aProposal, anAction, predicted, RecordedRun } from "#tests/fixtures/recorded-run.ts";

describe("explainModel", () => {
  let recorded: RecordedRun;
  const sftMath = anAction("sft", ["m0"], ["math"], { max_steps: 80 });
  const sftCommon = anAction("sft", ["m0"], ["common"], { max_steps: 80 });
  const ties = anAction("merge_ties", ["m1", "m2"], [], { density: 0.5 });
  const other = anAction("sft", ["m1"], ["common"], { max_steps: 80 });
  const dpo = anAction("dpo", ["m1"], ["prefs"]);
  const why = async (name: string | number) => explainModel(recorded.store, recorded.run, name);

  beforeAll(async () => {
    recorded = await RecordedRun.open();
    const { store, run } = recorded;
    await recorded.evaluate("m0", { math: 40, common: 40 });
    await recorded.finish(await recorded.select(sftMath, "baseline", "single math"), { math: 80, common: 30 });
    await recorded.finish(await recorded.select(sftCommon, "chosen", null, aProposal(sftCommon)), { math: 35, common: 75 });
    const memory = {
      version: 1,
      trial: 2,
      experience: "SFT lifts one skill each.",
      directions: "Merge the specialists.",
      lesson: "",
      effects: [],
      failures: [],
      by: "rules",
    };
    await store.memories.add(run.id, memory);
    await store.plans.add(run.id, {
      version: 1,
      phase: "combine",
      focus: "Merge what trials 1 and 2 made.",
      tasks: [],
      fidelity: { data: 1, steps: 1 },
      until: 9,
      by: "rules",
    });
    const proposal = aProposal(ties, {
      candidates: [
        { action: ties, value: 1, prediction: predicted(0.7) },
        { action: other, value: 0.9, prediction: predicted(0.69) },
        { action: dpo, value: 0.5, prediction: predicted(0.6) },
      ],
      candidatesConsidered: 1105,
      mode: "combine",
      reason: "m1 is best on math and m2 on common (trials 1 and 2).",
      evidence: [1, 2, 99],
      effects: [{ name: "sft on math", mean: 0.15, low: 0.1, high: 0.2, trials: [1, 98] }],
    });
    await recorded.finish(await recorded.select(ties, "chosen", null, proposal), { math: 78, common: 70 });
    const failing = await recorded.select(dpo, "chosen", null, aProposal(dpo));
    await store.trials.update(run.id, failing, { state: "failed", failure: "out_of_memory", detail: "peak 79.1 of 79.6 GiB" });
    await recorded.select({ ...sftMath, seed: 1 }, "repeat");
    await recorded.select(other);
  });
  afterAll(() => recorded.close());

  it("answers with the decision, its alternatives, evidence, memory and outcome, in that order", async () => {
    expect(renderWhy(await why("m3"))).toMatchInlineSnapshot(`
      "m3 = TIES merge of m1 and m2, density 0.5, was chosen at trial 3 by lookahead. m1 is best on math and m2 on common (trials 1 and 2). Predicted: .700 [.670, .730].
      What else stood there: SFT of m1 on common, 80 steps .690 [.660, .720]; DPO of m1 on prefs, 1 epoch .600 [.570, .630]; and 1,102 others, of 1,105 untried actions. The predicted intervals of 1 of these overlap with the chosen one's: it was close.
      Evidence: sft on math +.150 [+.100, +.200] (trial 1); trial 1: SFT of m0 on math, 80 steps (m1 .550); trial 2: SFT of m0 on common, 80 steps (m2 .550).
      Memory then: "SFT lifts one skill each. Merge the specialists." (version 1, after trial 2)
      Plan then: combine: Merge what trials 1 and 2 made.
      Approval: not needed.
      Outcome: .740 [.674, .794] on 200 search items, +.190 [+.134, +.239] over m1, outside the predicted interval. By task: math −.020 (tie), common +.400.
      Lineage:
        m3 = TIES merge, density 0.5
        ├ m1 = SFT on math, 80 steps
        │ └ m0 (tiny)
        └ m2 = SFT on common, 80 steps
          └ m0 (tiny)"
    `);
  });

  it("renders the same as Markdown", async () => {
    const text = renderWhy(await why("m3"), { style: "markdown" });
    expect(text).toContain("**Outcome:** .740");
    expect(text).toContain(
      "```\nm3 = TIES merge, density 0.5\n├ m1 = SFT on math, 80 steps\n│ └ m0 (tiny)\n└ m2 = SFT on common, 80 steps\n  └ m0 (tiny)\n```",
    );
  });

  it("cites only trials that exist", async () => {
    const { decision } = await why("m3");
    expect(decision?.evidence.map((trial) => trial.number)).toEqual([1, 2]);
    expect(decision?.effects.map((effect) => effect.trials)).toEqual([[1]]);
  });

  it("compares with the better parent, paired, by task, and says whether the prediction held", async () => {
    const { outcome } = await why("m3");
    expect(outcome).toMatchObject({ parent: "m1", predictionHeld: false });
    expect(outcome?.difference?.mean).toBeCloseTo(0.74 - 0.55, 6);
    expect(outcome?.tasks.map(({ task, difference }) => [task, Number(difference.mean.toFixed(3))])).toEqual([
      ["math", -0.02],
      ["common", 0.4],
    ]);
  });

  it.each([
    ["a trial's number", 3],
    ["a trial's number as text", "3"],
    ["the words of a person", "trial 3"],
    ["the best model", "best"],
  ])("finds the same by %s", async (_, name) => {
    expect((await why(name)).model).toBe("m3");
  });

  it("says of a model which rows behind it stand in a split of a task", async () => {
    const place = { task: "math", split: "final" as const, rows: 2, exact_rows: 2, items: 2, examples: [] };
    const overlap = { rows: { search: 0, confirm: 0, final: 2, any: 2 }, found: [place], list: "/list.jsonl" };
    const seen = await RecordedRun.open({ math: overlap });
    try {
      await seen.evaluate("m0", { math: 40, common: 40 });
      await seen.finish(await seen.select(sftMath, "baseline"), { math: 80, common: 30 });
      await seen.finish(await seen.select(sftCommon, "baseline"), { math: 30, common: 80 });
      const tell = async (id: string) => renderWhy(await explainModel(seen.store, seen.run, id));
      expect(await tell("m1")).toContain(
        "Overlap: of math, 2 of its 100 rows stand in math's final split (2 rows, word for word): scores there may be memory.",
      );
      expect(await tell("m2")).not.toContain("Overlap");
    } finally {
      await seen.close();
    }
  });

  it("says plainly that no policy chose a baseline", async () => {
    const text = renderWhy(await why("m1"));
    expect(text).toContain("m1 = SFT of m0 on math, 80 steps, was made in trial 1 (single math).");
    expect(text).toContain(
      "It is a fixed baseline, measured in every run before the search: no policy chose it, so there is no decision record.",
    );
    expect(text).not.toContain("Evidence");
  });

  it.each([
    ["a base", "tiny", "m0 is the base model tiny.\nIt is a base model from the config: nobody chose it"],
    ["a noise repeat", "5", "It repeats another action with a new training seed to measure the noise"],
    ["a chosen trial whose record is lost", "6", "The decision record of trial 6 is missing: why it was chosen cannot be said."],
    ["a failed trial", "4", "Outcome: it failed: out_of_memory (peak 79.1 of 79.6 GiB)."],
    ["a trial under way", "6", "Outcome: none yet: the trial is under way."],
    ["a decision without alternatives", "m2", "What else stood there: nothing: it was the only candidate."],
    ["a decision without evidence", "m2", "Evidence: no earlier trial: nothing comparable had been tried."],
  ])("speaks of %s", async (_, name, words) => {
    expect(renderWhy(await why(name))).toContain(words);
  });

  it.each([
    ["m77", 'Run skills has no model "m77". It has m0 to m3; a trial is named by its number'],
    ["trial 44", "Run skills has no trial 44: the latest is 6."],
  ])("refuses %s and says what there is", async (name, words) => {
    await expect(why(name)).rejects.toThrow(words);
  });

  it("says who approved, when and at what estimate", async () => {
    const estimate = { deviceHoursP50: 2.6, deviceHoursP90: 3.4, usdP50: 9, usdP90: 12, wallSecondsP90: 9000, basis: "a prior" };
    await recorded.store.approvals.create({
      id: "a1",
      runId: recorded.run.id,
      trial: 4,
      batch: null,
      key: "k",
      members: [],
      estimate,
      why: "over 1 device-hour",
      state: "pending",
      createdAt: "2026-01-01T12:00:00.000Z",
      expiresAt: "2026-01-02T00:00:00.000Z",
      decidedBy: null,
      decidedAt: null,
      reason: null,
    });
    expect(renderWhy(await why("4"))).toContain("Approval: waits for people (p90 3.4 device-hours). over 1 device-hour");
    await recorded.store.approvals.decide("a1", "k", "rejected", "anna", "too dear");
    expect(renderWhy(await why("4"))).toMatch(/Approval: rejected by anna, 2026-\S+ \(p90 3\.4 device-hours\): "too dear"\./);
  });
});
