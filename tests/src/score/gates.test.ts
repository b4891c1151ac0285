import { describe, expect, it } from "vitest";
import { degenerateAnswers } from "#src/score/degenerate.ts";
import { didItLearn } from "#src/score/did-it-learn.ts";
import type { TaskWeight } from "#src/score/evaluation.ts";
import { collapsedAnswers } from "#src/score/length-collapse.ts";
import { floorsMet, keepsFloors, lowestScores } from "#src/score/floors.ts";
import { measureNoise } from "#src/score/measure-noise.ts";
import { noiseFloor } from "#src/score/noise-floor.ts";
import { constantTasks } from "#src/score/constant-tasks.ts";
import { createRng } from "#src/policy/rng.ts";
import { anAction } from "#tests/fixtures/recorded-run.ts";

const of = (...values: number[]) => new Map([["math", Float32Array.from(values)]]);

describe("noiseFloor", () => {
  it("is unknown from fewer than two repeats", () => {
    expect(noiseFloor([])).toBeNull();
    expect(noiseFloor([0.5])).toBeNull();
  });

  it("is on average the deviation of a difference, however few the repeats", () => {
    for (const n of [2, 3, 5]) {
      const rng = createRng("noise", n);
      let sum = 0;
      for (let i = 0; i < 20_000; i++) sum += noiseFloor(Array.from({ length: n }, () => 0.5 + 0.022 * rng.normal())) ?? 0;
      expect(sum / 20_000).toBeCloseTo(0.022 * Math.SQRT2, 3);
    }
  });
});

const trial = (seed: number, math: number) => ({ action: { ...anAction("sft", ["m0"], ["math"]), seed }, scores: { math, csqa: 0.1 } });

describe("measureNoise", () => {
  const weights = { math: 0.9, csqa: 0.1 };

  it("is the floor of what differs in its seed only", () => {
    expect(measureNoise([trial(0, 0.5), trial(1, 0.54)], weights)).toBeCloseTo(noiseFloor([0.46, 0.496]) ?? 0, 10);
  });

  it("is unknown where the repeats scored the same, rounding aside", () => {
    expect(measureNoise([trial(0, 0.7), trial(1, 0.7), trial(2, 0.7)], weights)).toBeNull();
    expect(measureNoise([trial(0, 0.3), trial(1, 0.1 + 0.2)], weights)).toBeNull();
  });
});

const models = (...math: number[]) => math.map((score, index) => ({ math: score, csqa: index / 10 }));

describe("constantTasks", () => {
  it.each([
    ["one score of many models", models(0, 0, 0, 0), ["math"]],
    ["too few models to say so", models(0, 0, 0), []],
    ["one model that differs", models(0, 0, 0, 0, 0.01), []],
  ])("judges %s", (_, scores, found) => {
    expect(constantTasks(scores, ["math", "csqa"])).toEqual(found);
  });
});

describe("lowestScores", () => {
  const weights: TaskWeight[] = [
    { task: "math", weight: 0.5, maximum: 1, floor: null },
    { task: "csqa", weight: 0.25, maximum: 1, floor: "base" },
    { task: "chat", weight: 0.25, maximum: 10, floor: 7 },
  ];
  const base = { scores: { math: 0.4, csqa: 0.5 }, items: { math: 100, csqa: 100 } };

  it("are in [0, 1], of several bases the lowest, and kept by what is not below", () => {
    const floors = lowestScores(weights, [base, { ...base, scores: { csqa: 0.8 } }]);
    expect(floors).toEqual({ csqa: expect.closeTo(0.45), chat: 0.7 });
    expect(keepsFloors({ math: 0, csqa: 0.451, chat: 0.7 }, floors)).toBe(true);
    expect(keepsFloors({ math: 1, csqa: 0.449, chat: 0.9 }, floors)).toBe(false);
  });

  it("are none where no base was measured, or nobody set one", () => {
    expect(lowestScores(weights, [])).toEqual({ chat: 0.7 });
    expect(lowestScores(weights.slice(0, 1), [base])).toEqual({});
  });
});

describe("floorsMet", () => {
  const weights: TaskWeight[] = [
    { task: "math", weight: 0.5, maximum: 1, floor: null },
    { task: "csqa", weight: 0.25, maximum: 1, floor: "base" },
    { task: "chat", weight: 0.25, maximum: 10, floor: 7 },
  ];
  const base = { math: 0.4, csqa: 0.5, chat: 7.5 };
  const items = { math: 100, csqa: 100, chat: 80 };

  it.each([
    ["everything holds", { math: 0, csqa: 0.5, chat: 7 }, []],
    ["a fall within the base's standard error is no fall", { math: 1, csqa: 0.451, chat: 9 }, []],
    [
      "a fall below it breaks the floor",
      { math: 1, csqa: 0.449, chat: 9 },
      ["csqa .449 is below its floor .450 (base .500 − standard error .050)"],
    ],
    ["a fixed floor is fixed", { math: 1, csqa: 0.5, chat: 6.99 }, ["chat 6.990 is below its floor 7.000"]],
  ])("%s", (_, scores, broken) => {
    expect(floorsMet(scores, weights, base, items)).toEqual({ met: broken.length === 0, broken });
  });
});

describe("didItLearn", () => {
  const good = { weightChange: 0.012, lossFirst: 1.5, lossLast: 0.4, childOutcomes: of(1, 1, 0), parentOutcomes: of(0, 1, 0) };

  it.each([
    ["a training that moved, fell and answers differently", good, true, "from 1.500 to 0.400"],
    ["a merge, which has no loss", { ...good, lossFirst: null, lossLast: null }, true, "The weights moved by 1.2 %"],
    ["weights that did not move", { ...good, weightChange: 0 }, false, "nothing moved"],
    ["a change that is no number", { ...good, weightChange: Number.NaN }, false, "nothing moved"],
    ["a loss that rose", { ...good, lossLast: 1.6 }, false, "did not fall"],
    ["a loss that is no number", { ...good, lossLast: Number.NaN }, false, "did not fall"],
    ["the parent's outcome on every item", { ...good, childOutcomes: of(0, 1, 0) }, false, "same as its parent on each of the 3 items"],
    ["a merge that is its parent", { ...good, lossFirst: null, lossLast: null, childOutcomes: of(0, 1, 0) }, false, "same as its parent"],
    ["a parent that was not evaluated", { ...good, parentOutcomes: new Map<string, Float32Array>() }, true, "fell"],
  ])("judges %s", (_, signs, learnt, reason) => {
    const verdict = didItLearn(signs);
    expect(verdict.learnt).toBe(learnt);
    expect(verdict.reason).toContain(reason);
  });
});

describe("degenerateAnswers", () => {
  const fine = { task: "math", empty: 0.02, hitTokenLimit: 0.1, mostCommonOutput: 0.2, majority: 0.1 };

  it.each([
    ["ordinary answers", fine, []],
    ["empty answers", { ...fine, empty: 0.97, mostCommonOutput: 0.97 }, ["math: 97 % of the answers are empty"]],
    ["answers that are cut off", { ...fine, hitTokenLimit: 0.8 }, ["math: 80 % of the answers are cut off at max_new_tokens"]],
    ["one answer to everything", { ...fine, mostCommonOutput: 1 }, ["math: 100 % of the answers are the same words"]],
    ["one answer where it is mostly right", { ...fine, mostCommonOutput: 0.93, majority: 0.9 }, []],
  ])("judges %s", (_, evaluation, found) => {
    expect(degenerateAnswers([evaluation])).toEqual(found);
  });
});

const answers = (medianOutputTokens: number | null, p90OutputTokens: number | null, score: number) => [
  { task: "math", taskKey: "k", score, medianOutputTokens, p90OutputTokens },
];

describe("collapsedAnswers", () => {
  const parent = answers(120, 180, 0.6);

  it.each([
    ["answers of the same length", answers(110, 170, 0.6), [parent], false],
    ["a chain of thought that was lost", answers(6, 9, 0.2), [parent], true],
    ["a quarter of the length that is left", answers(30, 60, 0.2), [parent], false],
    ["short answers beside many long ones", answers(6, 130, 0.2), [parent], false],
    ["shorter answers that are more often right", answers(6, 9, 0.61), [parent], false],
    ["a parent that answers with a choice", answers(1, 1, 0.2), [answers(7, 8, 0.6)], false],
    ["a merge that is as short as one of its parents", answers(6, 9, 0.2), [parent, answers(20, 30, 0.3)], false],
    ["a merge that is shorter than all of them", answers(6, 9, 0.2), [parent, answers(40, 60, 0.3)], true],
    ["a parent whose lengths are unknown", answers(6, 9, 0.2), [answers(null, null, 0.6)], false],
    ["a child whose lengths are unknown", answers(null, null, 0.2), [parent], false],
    ["a parent that was not evaluated", answers(6, 9, 0.2), [[]], false],
  ])("judges %s", (_, child, parents, isCollapsed) => {
    expect(collapsedAnswers(child, parents)).toHaveLength(isCollapsed ? 1 : 0);
  });

  it("gives the numbers as its reason", () => {
    expect(collapsedAnswers(answers(6, 9, 0.2), [parent])).toEqual([
      "math: half of the answers have at most 6 tokens, where its parent's have 120, and no more of them are right",
    ]);
  });
});
