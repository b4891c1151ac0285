import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { weigh } from "#src/memory/experience.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import type { TaskScores } from "#src/policy/policy.ts";
import { keepsFloors } from "#src/score/floors.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

describe("Experience", () => {
  it("ranks the best models, the leader of each task, and the best so far", async () => {
    const run = new SimulatedRun(1);
    await run.run(createPolicy("random", run.config), 40);
    const { standouts, specialists, bestSoFar, bestTrial } = run.experience;
    const scores = standouts.map((standout) => weigh(standout.scores, run.weights));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores[0]).toBe(run.best);
    expect(new Set(standouts.map(({ model }) => model)).size).toBe(standouts.length);
    for (const task of run.tasks) {
      expect(specialists.get(task)?.scores[task]).toBe(Math.max(...[...run.scores.values()].map((entry) => entry[task] ?? 0)));
    }
    expect(bestSoFar.at(-1)).toBe(run.best);
    expect(bestSoFar.length).toBe(21);
    expect(run.models.find((model) => model.id === standouts[0]?.model)?.trial ?? null).toBe(bestTrial);
  });

  it("ranks anew when people change the weights", async () => {
    const run = new SimulatedRun(2);
    await run.run(createPolicy("random", run.config), 20);
    run.weights = { math: 0, trivia: 0, common: 1 };
    await run.run(createPolicy("random", run.config), 1);
    expect(run.experience.standouts[0]?.scores.common).toBe(Math.max(...[...run.scores.values()].map((entry) => entry.common ?? 0)));
  });

  it("tells at once what was best after each trial by the new weights, as if they had always stood", async () => {
    const run = new SimulatedRun(2);
    await run.run(createPolicy("random", run.config), 25);
    run.weights = { math: 0, trivia: 1, common: 0 };
    run.experience.keepUp(run);
    const always = new SimulatedRun(2);
    always.weights = run.weights;
    for (const { action } of run.trials) always.finish(always.start(action));
    expect(run.experience.bestSoFar).toEqual(always.experience.bestSoFar);
    expect(run.experience.bestTrial).toBe(always.experience.bestTrial);
    expect(run.experience.effects.top()).toEqual(always.experience.effects.top());
  });

  it("puts a model that breaks a floor behind every one that keeps it", async () => {
    const run = new SimulatedRun(4);
    await run.run(createPolicy("random", run.config), 40);
    const first = run.experience.standouts[0];
    run.floors = { trivia: (first?.scores.trivia ?? 0) + 0.001 };
    run.experience.keepUp(run);
    const { standouts, bestSoFar } = run.experience;
    const keeps = standouts.map(({ scores }) => keepsFloors(scores, run.floors));
    expect(keeps[0]).toBe(true);
    expect(keeps).toEqual(keeps.toSorted((a, b) => Number(b) - Number(a)));
    expect(standouts[0]?.model).not.toBe(first?.model);
    expect(bestSoFar.at(-1)).toBe(weigh(standouts[0]?.scores ?? {}, run.weights));
    expect(bestSoFar.at(-1)).toBeLessThan(run.best);
  });

  it("counts a training after another one, and a dataset that sinks a task", () => {
    const run = new SimulatedRun(3);
    const train = (models: string[], datasets: string[]) => {
      const action: Action = {
        type: "sft",
        models,
        datasets,
        setting: run.space.settings("sft")[0] ?? {},
        seed: 0,
        fidelity: fullFidelity,
      };
      return run.finish(run.start(action)).model ?? "";
    };
    const math = train(["m0"], ["math"]);
    const then = train([math], ["common"]);
    const sunk = train([then], ["common_name"]);
    train([then], ["common"]);
    expect(run.experience.effects.find("common after math")).toMatchObject({ count: 1, trials: [2] });
    expect(run.experience.effects.find("common_name after common")).toMatchObject({ count: 1, trials: [3] });
    expect(run.experience.effects.find("common after common")).toBeNull();
    const [from, to] = [run.scores.get(then)?.common, run.scores.get(sunk)?.common];
    expect([...run.experience.conflicts.values()]).toEqual([{ dataset: "common_name", task: "common", trials: [3], from, to }]);
  });

  it("keeps what a merge brought back that one parent had lost", () => {
    const run = new SimulatedRun(3);
    run.scores.set("m1", { math: 0.73, trivia: 0.3, common: 0.02 });
    run.scores.set("m2", { math: 0.2, trivia: 0.35, common: 0.7 });
    const merge = (number: number, scores: TaskScores) => {
      const action: Action = { type: "merge_linear", models: ["m1", "m2"], datasets: [], setting: {}, seed: 0, fidelity: fullFidelity };
      run.experience.observe({ number, kind: "chosen", action, model: `m${number}`, scores, failure: null, steps: 0 }, run);
    };
    merge(8, { math: 0.5, trivia: 0.35, common: 0.3 });
    merge(9, { math: 0.71, trivia: 0.35, common: 0.4 });
    expect(run.experience.merges.get("merge_linear")?.regained).toEqual([
      { trial: 9, task: "math", worse: 0.2, better: 0.73, score: 0.71 },
    ]);
  });
});
