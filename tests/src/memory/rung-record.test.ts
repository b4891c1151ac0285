import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { describeRungs } from "#src/memory/describe-rungs.ts";
import { RungRecord } from "#src/memory/rung-record.ts";

const quarter = { data: 1, steps: 0.25 };

function sft(dataset: string, fidelity = fullFidelity): Action {
  return { type: "sft", models: ["m0"], datasets: [dataset], setting: { max_steps: 80 }, seed: 0, fidelity };
}

/** Each dataset once at a quarter and once in full, with these gains. */
function record(gains: readonly (readonly [number, number])[]): RungRecord {
  const rungs = new RungRecord();
  for (const [index, [low, full]] of gains.entries()) {
    rungs.add(sft(`d${index}`, quarter), 2 * index + 1, low);
    rungs.add(sft(`d${index}`), 2 * index + 2, full);
  }
  return rungs;
}

describe("RungRecord", () => {
  it("says nothing until three kinds of trainings were done at both, and assumes .8", () => {
    const rungs = record([
      [0.1, 0.2],
      [0.2, 0.3],
    ]);
    rungs.add(sft("seen-in-full-only"), 9, 0.4);
    expect(rungs.worth()).toBeNull();
    expect(rungs.trust()).toBeCloseTo(0.8);
    expect(describeRungs({ rungs })).toBeNull();
  });

  it("trusts low fidelity more the better it ranked, and names the trials", () => {
    const good = record([
      [0.01, 0.1],
      [0.02, 0.2],
      [0.03, 0.3],
      [0.04, 0.4],
    ]);
    expect(good.worth()).toEqual({ correlation: 1, kinds: 4, trials: [1, 3, 5, 7] });
    expect(good.trust()).toBeGreaterThan(0.85);
    expect(describeRungs({ rungs: good })).toBe(
      "Low fidelity has ranked data well: its gains and those in full have a rank correlation of 1.00 over 4 kinds of trainings (trials …, 3, 5 and 7).",
    );
  });

  it("trusts it little after it misled, and leaves data mixtures out", () => {
    const bad = record([
      [0.04, 0.1],
      [0.03, 0.2],
      [0.02, 0.3],
      [0.01, 0.4],
    ]);
    bad.add({ ...sft("d0"), datasets: ["d0", "d1"] }, 20, 0.9);
    expect(bad.worth()?.correlation).toBeCloseTo(-1);
    expect(bad.trust()).toBeLessThan(0.4);
  });
});
