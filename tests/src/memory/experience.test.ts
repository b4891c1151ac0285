import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { weigh } from "#src/memory/experience.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
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
    train([then], ["common_name"]);
    train([then], ["common"]);
    expect(run.experience.effects.find("common after math")).toMatchObject({ count: 1, trials: [2] });
    expect(run.experience.effects.find("common_name after common")).toMatchObject({ count: 1, trials: [3] });
    expect(run.experience.effects.find("common after common")).toBeNull();
    expect([...run.experience.conflicts.values()]).toEqual([{ dataset: "common_name", task: "common", trials: [3] }]);
  });
});
