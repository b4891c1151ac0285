import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { EffectTable } from "#src/memory/effects.ts";
import { FailureTable } from "#src/memory/failures.ts";
import type { ObservedTrial } from "#src/policy/policy.ts";

const weights = { math: 0.5, common: 0.5 };

function trial(number: number, action: Partial<Action> = {}, failure: string | null = null): ObservedTrial {
  return {
    number,
    kind: "chosen",
    action: { type: "sft", models: ["m0"], datasets: ["gsm8k"], setting: {}, seed: 0, fidelity: fullFidelity, ...action },
    model: failure === null ? `m${number}` : null,
    scores: null,
    failure,
    steps: 80,
  };
}

describe("EffectTable", () => {
  it("counts a trial under its type, dataset, parent and type × dataset, with the change of each task", () => {
    const table = new EffectTable();
    table.add(trial(1), { math: 0.5, common: 0.3 }, [{ math: 0.3, common: 0.4 }], weights);
    const names = table.top().map((effect) => effect.name);
    expect(names.toSorted()).toEqual(["dataset:gsm8k", "parent:m0", "sft × gsm8k", "type:sft"]);
    const effect = table.find("sft × gsm8k");
    expect(effect).toMatchObject({ count: 1, trials: [1] });
    expect(effect?.mean).toBeCloseTo(0.05);
    expect(effect?.low).toBe(effect?.mean);
    expect(effect?.tasks.math).toBeCloseTo(0.2);
  });

  it("tells a short training apart from a full one, and knows its kind", () => {
    const table = new EffectTable();
    table.add(trial(1), { math: 0.5 }, [{ math: 0.3 }], { math: 1 });
    table.add(trial(2, { fidelity: { data: 1, steps: 0.25 } }), { math: 0.3 }, [{ math: 0.3 }], { math: 1 });
    table.add(trial(3, { datasets: ["csqa"], fidelity: { data: 1, steps: 0.25 } }), { math: 0.2 }, [{ math: 0.3 }], { math: 1 });
    expect(table.find("sft × gsm8k")).toMatchObject({ count: 1, mean: expect.closeTo(0.2) });
    expect(table.find("sft × gsm8k at 25 % of the steps")).toMatchObject({ count: 1, mean: expect.closeTo(0), trials: [2] });
    expect(table.find("sft × csqa")).toBeNull();
    expect(table.knows("sft × csqa")).toBe(true);
    expect(table.knows("sft × other")).toBe(false);
  });

  it("bounds the mean by Student's t", () => {
    const table = new EffectTable();
    for (const [index, math] of [0.1, 0.2, 0.3].entries())
      table.add(trial(index + 1), { math, common: 0 }, [{ math: 0, common: 0 }], { math: 1, common: 0 });
    const effect = table.find("type:sft");
    expect(effect?.mean).toBeCloseTo(0.2);
    expect((effect?.high ?? 0) - 0.2).toBeCloseTo((4.303 * 0.1) / Math.sqrt(3), 4);
  });

  it("answers for the weights of now, also for trials before they changed", () => {
    const table = new EffectTable();
    table.add(trial(1), { math: 0.4, common: 0.1 }, [{ math: 0, common: 0 }], weights);
    table.add(trial(2), { math: 0.2, common: 0.5 }, [{ math: 0, common: 0 }], { math: 0, common: 1 });
    expect(table.find("type:sft")?.mean).toBeCloseTo(0.3);
  });

  it("compares a merge with the mean of its parents, and passes over failed trials", () => {
    const table = new EffectTable();
    const merge = { type: "merge_ties", models: ["m1", "m2"], datasets: [] } as const;
    table.add(
      trial(3, { ...merge, models: [...merge.models], datasets: [] }),
      { math: 0.5, common: 0.5 },
      [
        { math: 0.6, common: 0.2 },
        { math: 0.2, common: 0.6 },
      ],
      weights,
    );
    table.add(trial(4), null, [{ math: 0.6, common: 0.2 }], weights);
    expect(table.find("merge_ties × 2 parents")?.mean).toBeCloseTo(0.1);
    expect(table.find("type:sft")).toBeNull();
  });

  it("stays small: at most 60 effects with 10 trials each, the most used first", () => {
    const table = new EffectTable();
    for (let number = 1; number <= 2000; number++) {
      table.add(
        trial(number, { models: [`m${number}`], datasets: [number % 3 === 0 ? "common" : "gsm8k"] }),
        { math: 0.1, common: 0 },
        [{ math: 0, common: 0 }],
        weights,
      );
    }
    const top = table.top();
    expect(top).toHaveLength(60);
    expect(top[0]).toMatchObject({ name: "type:sft", count: 2000 });
    expect(top[0]?.trials).toEqual([1991, 1992, 1993, 1994, 1995, 1996, 1997, 1998, 1999, 2000]);
    expect(table.all().length).toBeLessThanOrEqual(600);
  });
});

describe("FailureTable", () => {
  it("counts reasons, the most frequent first, with their latest trials", () => {
    const table = new FailureTable();
    for (let number = 1; number <= 30; number++) table.add(trial(number, {}, number % 3 === 0 ? "diverged" : "out_of_memory"));
    table.add(trial(31));
    expect(table.top().map(({ reason, count }) => [reason, count])).toEqual([
      ["out_of_memory", 20],
      ["diverged", 10],
    ]);
    expect(table.top()[1]?.trials).toEqual([3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
  });
});
