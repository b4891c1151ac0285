import { describe, expect, it } from "vitest";
import { renderSummary } from "#bots/terminal/render/render-summary.ts";
import type { Summary } from "#bots/terminal/summary/summary.ts";
import type { Effect } from "#src/memory/memory.ts";
import type { Measured } from "#src/score/evaluation.ts";

const measured = (mean: number, half: number, split: "search" | "final" = "final"): Measured => ({
  mean,
  low: mean - half,
  high: mean + half,
  split,
  items: 600,
  seeds: 1,
});
const effect = (name: string, mean: number, half: number, count: number): Effect => ({
  name,
  count,
  mean,
  low: mean - half,
  high: mean + half,
  trials: [],
  tasks: {},
});

const summary: Summary = {
  run: "demo",
  state: "finished",
  stateReason: "all 30 trials of the budget are done",
  best: {
    model: "m27",
    search: measured(0.742, 0.018, "search"),
    final: measured(0.731, 0.017),
    pipeline: ["math_noisy → common ┐", "trivia ─────────────┴ TIES .8 → math"],
    broken: [],
  },
  passedOver: null,
  rows: [
    { label: "base m0", score: measured(0.452, 0.02), behind: measured(0.279, 0.04) },
    { label: "SFT on all data, same steps", score: measured(0.54, 0.02), behind: measured(0.191, 0.04) },
    { label: "TIES grid", score: measured(0.571, 0.02), behind: null },
  ],
  shrinkage: 0.011,
  shrinkageText: "Its search score minus its final score is +.011 [−.014, +.036].",
  claim: "m27 beats the strongest baseline, the base (m0), by +.279 [+.239, +.319] (600 items, 3 fresh training seeds).",
  confirmed: null,
  effects: [
    effect("dataset:common_name", -0.2, 0.02, 9),
    effect("dataset:math", 0.09, 0.02, 4),
    effect("dataset:trivia", 0.05, 0.06, 7),
    effect("type:sft", 0.3, 0.01, 20),
    effect("type:merge_ties", 0.02, 0.01, 5),
  ],
  counts: { chosen: 30, other: 16, fromCache: 2, failed: 1 },
  deviceSeconds: 97,
  usd: 0,
  llm: { tokens: 0, usd: 0 },
  device: "cpu",
  waiting: 0,
};

describe("renderSummary", () => {
  it("gives the answer first, then the evidence, then what it cost", () => {
    expect(renderSummary(summary)).toMatchInlineSnapshot(`
      "Found: m27   search .742 ±.018   final .731 ±.017 (opened once)
                                          score       m27 is better by
             m27                          .731 ±.017
             base m0                      .452 ±.020  +.279 [+.239, +.319]
             SFT on all data, same steps  .540 ±.020  +.191 [+.151, +.231]
             TIES grid                    .571 ±.020
             (final split, 600 items, 95 % intervals, 1 training seed)
             Its search score minus its final score is +.011 [−.014, +.036].
             m27 beats the strongest baseline, the base (m0), by +.279 [+.239, +.319] (600 items, 3 fresh training seeds).
      How:   math_noisy → common ┐
             trivia ─────────────┴ TIES .8 → math
      Why:   As far as the trials show, math (+.090 ±.020, 4 trials) and TIES merges (+.020 ±.010, 5 trials) raise the score; common_name (−.200 ±.020, 9 trials) lowers it.
      Cost:  30 chosen trials and 16 baselines and repeats, 97 s of CPU time. 2 trials were answered from the cache. 1 trial failed.
      "
    `);
  });

  it("leaves out the final split while it is sealed, and money and tokens where there were some shows them", () => {
    const { best } = summary;
    const text = renderSummary({
      ...summary,
      best: best === null ? null : { ...best, final: null, broken: ["math .31 is under its floor .35"] },
      shrinkage: null,
      shrinkageText: null,
      usd: 12.4,
      llm: { tokens: 41_000, usd: 0.6 },
      device: "cuda",
    });
    expect(text).not.toContain("final .");
    expect(text).not.toContain("Its search score");
    expect(text).toContain("It breaks a floor: math .31 is under its floor .35.");
    expect(text).toContain("97 s of GPU time, $13.00, 41,000 LLM tokens.");
  });

  it("says so when nothing was found", () => {
    expect(renderSummary({ ...summary, best: null, rows: [], effects: [] })).toMatch(
      /^Found: nothing yet; no model was evaluated\.\nCost: /,
    );
  });

  it("tells a run whose models may not win from one that evaluated nothing", () => {
    const passedOver = "No model may win: m9 has the best score, .720, but math .510 is below its floor .600.";
    expect(renderSummary({ ...summary, best: null, passedOver, rows: [] })).toMatch(/^Found: no winner\. No model may win: m9 has .*\n/);
    expect(renderSummary({ ...summary, passedOver: "No model with a higher score may win: m9." })).toContain(
      "\n       No model with a higher score may win: m9.\n",
    );
  });
});
