import { afterEach, describe, expect, it } from "vitest";
import { nextAnswer } from "#src/explain/answers/next-answer.ts";
import { RunFacts } from "#src/explain/run-facts.ts";
import { changeBudget } from "#src/service/change-budget.ts";
import { runStatus } from "#src/service/run-status.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
afterEach(() => world.close());

const phases = async () => (await world.store.plans.list(world.run.id)).map(({ phase }) => phase);

async function whatIsThePlan(): Promise<string> {
  const run = await world.store.runs.find(world.run.id);
  if (run === null) throw new Error("the run is there");
  return (await nextAnswer(await RunFacts.open(world.store, run))).lead;
}

describe("the plan that people see", () => {
  it("is for baselines, then for what is chosen, and to confirm once the budget is spent", async () => {
    world = await openScriptedWorld({
      budget: { trials: 2 },
      datasets: { math: { path: "scripted/math.jsonl" }, trivia: { path: "scripted/trivia.jsonl" } },
      baselines: { noise_repeats: 1, ties_grid: false },
    });
    const { store, run } = world;
    await world.conductor().follow(run.id);
    expect(await phases()).toEqual(["baselines", "explore", "confirm"]);
    const [baselines, explore] = await store.plans.list(run.id);
    const fixed = (await world.trials()).filter(({ kind }) => kind === "baseline" || kind === "repeat").length;
    expect(baselines?.focus).toMatch(new RegExp(`^Baselines first: ${fixed} are measured before anything is chosen`));
    expect(explore?.until).toBe(5);
    expect((await store.decisions.list(run.id)).map(({ planVersion }) => planVersion)).toEqual([2, 2]);
    expect(await whatIsThePlan()).toMatch(/^scripted is finished\. Plan: All 2 trials are done\. Confirm the best of different lineages/);
    expect((await runStatus(store, run.id)).plan?.phase).toBe("confirm");
  });

  it("is made anew when the budget of a finished run is raised", async () => {
    world = await openScriptedWorld({ budget: { trials: 1 } });
    const { store, run } = world;
    const conductor = world.conductor();
    await conductor.follow(run.id);
    const finished = await store.runs.find(run.id);
    if (finished === null) throw new Error("the run is there");
    await store.transaction((inside) => changeBudget(inside, finished, { change: { trials: 2 }, author: "ana" }));
    await conductor.follow(run.id);
    expect(await phases()).toEqual(["explore", "confirm", "explore", "confirm"]);
  });
});
