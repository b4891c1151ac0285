import { describe, expect, it } from "vitest";
import { renderProgress } from "#bots/terminal/render/render-progress.ts";
import type { LaneView, LiveView } from "#bots/terminal/live/live-view.ts";

const measured = { mean: 0.683, low: 0.664, high: 0.702, split: "search", items: 600, seeds: 1 } as const;
const lane: LaneView = { lane: 1, trial: 14, what: "SFT of m9 on common, 80 steps", phase: "training", done: 52, total: 80, loss: 0.414 };
const view: LiveView = {
  lanes: [
    lane,
    { lane: 2, trial: 15, what: "TIES merge of m9 and m4, density 0.8", phase: "evaluating", done: 412, total: 600, loss: null },
  ],
  best: { model: "m11", measured },
  base: { model: "m0", mean: 0.447 },
  sftAll: 0.531,
  stage: "trials",
  done: 15,
  total: 30,
  secondsLeft: 110,
  waitingApprovals: 0,
};

describe("renderProgress", () => {
  it("gives each lane a line, then where the run stands", () => {
    expect(renderProgress(view, 160)).toEqual([
      " lane 1  trial 14   SFT of m9 on common, 80 steps                 step 52/80  loss 0.41",
      " lane 2  trial 15   TIES merge of m9 and m4, density 0.8          evaluating 412/600 items",
      " best m11  .683 ±.019   base m0 .447   SFT on all .531   |##########----------| 15/30   1 m 50 s left",
    ]);
  });

  it("says that people are waited for, and how to answer", () => {
    expect(renderProgress({ ...view, waitingApprovals: 2 }, 160)[2]).toBe(" 2 trials wait for approval: temper approve");
  });

  it("never draws a line that would wrap", () => {
    const long = { ...lane, what: "linear merge of m11, m12, m13 and 日本語モデル with weights 0.25, 0.25, 0.25 and 0.25" };
    for (const line of renderProgress({ ...view, lanes: [long] }, 60)) expect(line.length).toBeLessThanOrEqual(59);
  });

  it("leaves out what is not known yet", () => {
    const early: LiveView = {
      ...view,
      lanes: [],
      best: null,
      base: null,
      sftAll: null,
      stage: "baselines",
      done: 0,
      total: 16,
      secondsLeft: null,
    };
    expect(renderProgress(early, 100)).toEqual([" |--------------------| baselines 0/16"]);
  });
});
