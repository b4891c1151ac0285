import { afterEach, describe, expect, it } from "vitest";
import { finalizeRun } from "#graphs/conductor/finalize.ts";
import { replayRecipe } from "#graphs/conductor/replay.ts";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { buildRecipe, recipeConfig } from "#src/pipeline/recipe.ts";
import { createRun } from "#src/service/create-run.ts";
import { openScriptedWorld, preparedObjects, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
afterEach(() => world.close());

/** A run that is over, with every kind of baseline. */
async function openFinished() {
  world = await openScriptedWorld({ budget: { trials: 6 }, policy: "lookahead", baselines: { noise_repeats: 1 } });
  const conductor = world.conductor();
  await conductor.follow(world.run.id);
  return conductor.open();
}

describe("finalize", () => {
  it("opens final once, on record, and compares the winner with base and baselines in pairs", async () => {
    const { context } = await openFinished();
    const outcome = await finalizeRun(context, world.run.id, { author: "Ann" });
    if (outcome.status !== "ok") throw new Error(outcome.status);
    const { report } = outcome;
    expect(report.rows.map((row) => row.label)).toEqual(["winner", "base", "sft_all", "sft_all_compute", "single", "ties_grid"]);
    const [winner] = report.rows;
    expect(winner).toMatchObject({ model: report.winner, final: { split: "final", items: 180 }, search: { split: "search" } });
    expect(winner?.overBase?.low).toBeLessThanOrEqual(winner?.overBase?.mean ?? 0);
    expect(winner?.overSftAll?.mean).toBeCloseTo((winner?.final.mean ?? 0) - (report.rows[2]?.final.mean ?? 0), 6);
    expect(report.shrinkage).toBeCloseTo((winner?.search.mean ?? 0) - (winner?.final.mean ?? 0), 9);
    expect(await world.events("final-open")).toHaveLength(1);
    expect(await world.events("final-read")).toHaveLength(1);
  });

  it("gives the same table again without opening anything", async () => {
    const { context } = await openFinished();
    const first = await finalizeRun(context, world.run.id, { author: "Ann" });
    const before = world.submitted().length;
    expect(await finalizeRun(context, world.run.id, { author: "Bob" })).toEqual(first);
    expect(world.submitted()).toHaveLength(before);
    expect(await world.events("final-reopen")).toEqual([]);
  });

  it("asks for a reason before final is read for other models, and keeps it", async () => {
    const { context } = await openFinished();
    const first = await finalizeRun(context, world.run.id, { author: "Ann" });
    if (first.status !== "ok") throw new Error(first.status);
    const read = new Set(first.report.rows.map((row) => row.model));
    // People decide that one task alone counts, one of which another model is best at.
    const { view } = await context.desk(world.run.id);
    const best = view.tasks.map((task) => ({ task, model: view.experience.specialists.get(task)?.model ?? "" }));
    const other = best.find(({ model }) => !read.has(model));
    for (const task of view.tasks.filter((each) => each !== other?.task)) {
      await world.store.directives.add(world.run.id, { author: "Ann", text: `${task} x0`, body: { kind: "weight", task, factor: 0 } });
    }
    await expect(finalizeRun(context, world.run.id, { author: "Ann" })).rejects.toThrow("needs a reason");
    const again = await finalizeRun(context, world.run.id, { author: "Ann", reason: "the weights were wrong" });
    expect(again).toMatchObject({ status: "ok", report: { winner: other?.model } });
    expect(await world.events("final-reopen")).toMatchObject([expect.stringContaining("the weights were wrong")]);
  });

  it("is refused while the run goes on", async () => {
    world = await openScriptedWorld();
    const { context } = await world.conductor().open();
    await expect(finalizeRun(context, world.run.id, { author: "Ann" })).rejects.toThrow("still running");
  });

  it("asks people once about the batch when it costs more than may be spent unasked", async () => {
    const { context } = await openFinished();
    await world.store.runs.setConfig(world.run.id, { ...world.config, approval: { ...world.config.approval, over: { device_hours: 0 } } });
    const asked = await finalizeRun(context, world.run.id, { author: "Ann" });
    expect(asked).toMatchObject({ status: "ask", approval: { batch: "finalize", state: "pending" } });
    expect(await world.events("final-open")).toEqual([]);
    if (asked.status === "ask") {
      await decideApproval(world.store, { id: asked.approval.id, to: "approved", by: "Ann", role: "owner", reason: null });
    }
    expect((await finalizeRun(context, world.run.id, { author: "Ann" })).status).toBe("ok");
  });
});

describe("replay", () => {
  it("makes a pipeline again from its recipe: same keys, same hashes, from what is known", async () => {
    const { context, threads } = await openFinished();
    const models = await world.store.objects.models(world.run.id);
    const deepest = models.toSorted((a, b) => b.depth - a.depth)[0];
    const recipe = await buildRecipe(world.store, world.run, deepest?.id ?? "");
    expect(recipe.steps.length).toBeGreaterThan(0);
    const config = { ...recipeConfig(recipe), executor: world.config.executor };
    const run = await createRun(world.store, { config, prepared: preparedObjects(config, world.home), now: new Date() });
    const before = world.submitted().length;
    const outcome = await replayRecipe({ context, threads, runId: run.id, recipe });
    if (outcome.status !== "ok") throw new Error(outcome.status);
    expect(outcome.report).toMatchObject({ isIdentical: true, score: { isWithin: true } });
    expect(outcome.report.steps.every((step) => step.sameKey && step.sameHash === true && step.fromCache)).toBe(true);
    expect(world.submitted()).toHaveLength(before);
    expect(await replayRecipe({ context, threads, runId: run.id, recipe })).toEqual(outcome);
  });

  it("says which step no longer is what it was", async () => {
    const { context, threads } = await openFinished();
    const recipe = await buildRecipe(world.store, world.run, "m1");
    const config = { ...recipeConfig(recipe), executor: world.config.executor };
    const prepared = preparedObjects(config, world.home);
    const changed = { ...prepared, datasets: prepared.datasets.map((dataset) => ({ ...dataset, key: `${dataset.key}-edited` })) };
    const run = await createRun(world.store, { config, prepared: changed, now: new Date() });
    const outcome = await replayRecipe({ context, threads, runId: run.id, recipe });
    if (outcome.status !== "ok") throw new Error(outcome.status);
    expect(outcome.report.isIdentical).toBe(false);
    expect(outcome.report.steps).toMatchObject([{ sameKey: false, sameHash: false, fromCache: false }]);
  });
});
