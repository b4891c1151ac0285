import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { RunView } from "#graphs/conductor/run-view.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import type { ObservedTrial, Policy } from "#src/policy/policy.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
afterEach(() => world.close());

/** What a view holds, in a form that can be compared. */
function contents(view: RunView) {
  const { models, datasets, trials, weights, plan, memory, budget, noiseFloor, decision, nextTrial } = view;
  const { effects, failures, standouts, bestSoFar, specialists } = view.experience;
  return {
    fields: { models, datasets, trials, weights, plan, memory, budget, noiseFloor, decision, nextTrial },
    scores: [...view.scores],
    pending: view.pending,
    size: view.space.size(),
    experience: { effects: effects.top(1000), failures: failures.top(), standouts, bestSoFar, specialists: [...specialists] },
  };
}

/** A policy that writes down what it observes. */
function watching(inner: Policy, seen: ObservedTrial[]): Policy {
  return {
    name: inner.name,
    observe: (trial, view) => {
      seen.push(trial);
      inner.observe(trial, view);
    },
    propose: (view, rng, signal) => inner.propose(view, rng, signal),
  };
}

describe("a view of a run", () => {
  it("holds the same whether it followed each trial or read the run at its end", async () => {
    world = await openScriptedWorld({ budget: { trials: 12 }, baselines: { noise_repeats: 2 }, executor: { kind: "scripted", lanes: 2 } });
    const conductor = world.conductor({ behaviour: { fault: (_, nth) => (nth % 9 === 0 ? "diverge" : null), seconds: () => 0.005 } });
    const followed: ObservedTrial[] = [];
    const view = await RunView.open(world.store, world.run.id, watching(createPolicy("greedy", world.config), followed));
    const following = conductor.follow(world.run.id);
    // Looks again and again while the run goes on, and lets it go on in between.
    const over = following.then(() => true);
    while (!(await Promise.race([over, sleep(5, false)]))) await view.refresh();
    await view.refresh();
    const rebuilt: ObservedTrial[] = [];
    const other = await RunView.open(world.store, world.run.id, watching(createPolicy("greedy", world.config), rebuilt));
    expect(contents(view)).toEqual(contents(other));
    expect(followed).toEqual(rebuilt);
    expect(view.trials.some((trial) => trial.failure === "diverged")).toBe(true);
    expect(view.noiseFloor).toBeGreaterThan(0);
    const [task = ""] = view.tasks;
    const before = view.noiseFloor;
    await world.store.directives.add(world.run.id, { author: "Ann", text: `${task} x0`, body: { kind: "weight", task, factor: 0 } });
    await view.refresh();
    const reopened = await RunView.open(world.store, world.run.id, createPolicy("greedy", world.config));
    expect(contents(view)).toEqual(contents(reopened));
    expect(view.noiseFloor).not.toBe(before);
  });

  it("frees what a waiting trial was to be once a person has changed it", async () => {
    world = await openScriptedWorld();
    const { store, run } = world;
    const view = await RunView.open(store, run.id, createPolicy("random", world.config));
    const [first, second] = [...view.space.iterate("sft")];
    if (first === undefined || second === undefined) throw new Error("no actions");
    const { total } = view.space.size();
    await store.trials.create({ runId: run.id, kind: "chosen", label: null, key: "k1", lane: null, action: first });
    await view.refresh();
    expect([view.space.check(first).valid, view.space.check(second).valid]).toEqual([false, true]);
    await store.trials.replaceAction(run.id, 1, second, "k2");
    await view.refresh();
    expect([view.space.check(first).valid, view.space.check(second).valid]).toEqual([true, false]);
    expect(view.space.size().total).toBe(total - 1);
    expect(view.pending.map(({ action }) => action)).toEqual([second]);
  });

  it("takes in new weights and bans, and asks the planner again", async () => {
    world = await openScriptedWorld();
    const view = await RunView.open(world.store, world.run.id, createPolicy("random", world.config));
    const before = view.space.size().total;
    expect(view.isSteered).toBe(false);
    await world.store.directives.add(world.run.id, { author: "Ann", text: "no noisy", body: { kind: "ban", object: "noisy" } });
    await world.store.directives.add(world.run.id, { author: "Ann", text: "math x2", body: { kind: "weight", task: "math", factor: 2 } });
    await view.refresh();
    expect(view.isSteered).toBe(true);
    expect(view.space.size().total).toBeLessThan(before);
    expect(view.weights).toEqual({ math: 0.5, trivia: 0.25, common: 0.25 });
  });
});
