import { afterEach, describe, expect, it } from "vitest";
import { finalizeRun } from "#graphs/conductor/finalize.ts";
import { replayRecipe } from "#graphs/conductor/replay.ts";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { buildRecipe, recipeConfig } from "#src/pipeline/recipe.ts";
import { leaderboard } from "#src/service/leaderboard.ts";
import { createRun } from "#src/service/create-run.ts";
import { openScriptedWorld, preparedObjects, type ScriptedWorld } from "./scripted-world.ts";

/** The shortest way that makes anything again. */
const confirm = { candidates: 1, seeds: 1 };

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
    const parts = await openFinished();
    const outcome = await finalizeRun(parts, world.run.id, { author: "Ann", confirm });
    if (outcome.status !== "ok") throw new Error(outcome.status);
    const { report } = outcome;
    expect(report.rows.map((row) => row.label)).toEqual(["winner", "base", "sft_all", "sft_all_compute", "single", "ties_grid"]);
    const [winner] = report.rows;
    expect(winner).toMatchObject({ model: report.winner, final: { split: "final", items: 180 }, search: { split: "search" } });
    expect(winner?.overBase?.low).toBeLessThanOrEqual(winner?.overBase?.mean ?? 0);
    expect(winner?.overSftAll?.mean).toBeCloseTo((winner?.final.mean ?? 0) - (report.rows[2]?.final.mean ?? 0), 6);
    expect(winner?.winnerMinusThis).toBeNull();
    for (const { final, winnerMinusThis } of report.rows.slice(1)) {
      expect(winnerMinusThis?.mean).toBeCloseTo((winner?.final.mean ?? 0) - final.mean, 6);
    }
    expect(report.shrinkage).toBeCloseTo((winner?.search.mean ?? 0) - (winner?.final.mean ?? 0), 9);
    expect(await world.events("final-open")).toHaveLength(1);
    expect(await world.events("final-read")).toHaveLength(1);
  });

  it("makes the candidates and the strongest baseline again under fresh seeds, and claims over them", async () => {
    const parts = await openFinished();
    const ranked = await leaderboard(world.store, world.run, { limit: 100 });
    const outcome = await finalizeRun(parts, world.run.id, { author: "Ann", confirm: { candidates: 2, seeds: 2 } });
    if (outcome.status !== "ok") throw new Error(outcome.status);
    const { confirmation, claim } = outcome.report;
    expect(confirmation.failures).toEqual([]);
    expect(confirmation.rows.length).toBeGreaterThanOrEqual(2);
    for (const row of confirmation.rows) expect(row.confirm).toMatchObject({ split: "confirm", seeds: 2, items: 180 });
    expect(confirmation.rows.filter((row) => row.role === "reference")).toHaveLength(1);
    expect(claim).toMatchObject({ countsSeeds: true, difference: { split: "final", seeds: 2 } });
    expect(claim.text).toContain(claim.against.model);
    expect(claim.text).toContain(claim.verdict === "ahead" ? "beats the strongest baseline" : "Nothing beats the baseline");
    expect(await world.events("confirm-read")).toHaveLength(1);
    // Luck is not ranked: what was made again stands beside the pool.
    const trials = await world.trials();
    const again = trials.filter((trial) => trial.kind === "confirm");
    expect(again.length).toBeGreaterThan(0);
    expect(again.every((trial) => trial.state === "done")).toBe(true);
    expect(await leaderboard(world.store, world.run, { limit: 100 })).toEqual(ranked);
    const { view } = await parts.context.desk(world.run.id);
    expect(view.models.some((model) => again.some((trial) => trial.model === model.id))).toBe(false);
    // A second call without settings goes the same way, and trains nothing.
    const before = world.submitted().length;
    expect(await finalizeRun(parts, world.run.id, { author: "Bob" })).toEqual(outcome);
    expect(world.submitted()).toHaveLength(before);
  });

  it("reads the candidates as they are when no seeds are wanted", async () => {
    const parts = await openFinished();
    const outcome = await finalizeRun(parts, world.run.id, { author: "Ann", confirm: { seeds: 0 } });
    if (outcome.status !== "ok") throw new Error(outcome.status);
    expect(outcome.report.confirmation.rows.every((row) => row.confirm.seeds === 1)).toBe(true);
    expect((await world.trials()).filter((trial) => trial.kind === "confirm")).toEqual([]);
  });

  it("gives the same table again without opening anything", async () => {
    const parts = await openFinished();
    const first = await finalizeRun(parts, world.run.id, { author: "Ann", confirm });
    const before = world.submitted().length;
    expect(await finalizeRun(parts, world.run.id, { author: "Bob" })).toEqual(first);
    expect(world.submitted()).toHaveLength(before);
    expect(await world.events("final-reopen")).toEqual([]);
  });

  it("asks for a reason before final is read for other models, and keeps it", async () => {
    const parts = await openFinished();
    const first = await finalizeRun(parts, world.run.id, { author: "Ann", confirm });
    if (first.status !== "ok") throw new Error(first.status);
    const read = new Set(first.report.rows.map((row) => row.model));
    // People decide that one task alone counts, one of which another model is best at.
    const { view } = await parts.context.desk(world.run.id);
    const best = view.tasks.map((task) => ({ task, model: view.experience.specialists.get(task)?.model ?? "" }));
    const other = best.find(({ model }) => !read.has(model));
    for (const task of view.tasks.filter((each) => each !== other?.task)) {
      await world.store.directives.add(world.run.id, { author: "Ann", text: `${task} x0`, body: { kind: "weight", task, factor: 0 } });
    }
    await expect(finalizeRun(parts, world.run.id, { author: "Ann", confirm })).rejects.toThrow("needs a reason");
    const again = await finalizeRun(parts, world.run.id, { author: "Ann", confirm, reason: "the weights were wrong" });
    expect(again).toMatchObject({ status: "ok", report: { winner: other?.model } });
    expect(await world.events("final-reopen")).toMatchObject([expect.stringContaining("the weights were wrong")]);
  });

  it("is refused with the floors to change where no model meets them", async () => {
    world = await openScriptedWorld({ budget: { trials: 1 }, baselines: false });
    const conductor = world.conductor();
    await conductor.follow(world.run.id);
    const [[task, settings] = ["", null]] = Object.entries(world.config.tasks);
    if (settings === null) throw new Error("the run has no task");
    await world.store.runs.setConfig(world.run.id, {
      ...world.config,
      tasks: { ...world.config.tasks, [task]: { ...settings, floor: 1 } },
    });
    await expect(finalizeRun(await conductor.open(), world.run.id, { author: "Ann", confirm })).rejects.toThrow(
      new RegExp(`nothing to finalize in .*No model may win: m\\d .*Change \`tasks\\.${task}\\.floor\` in the run file`),
    );
  });

  it("is refused while the run goes on", async () => {
    world = await openScriptedWorld();
    const parts = await world.conductor().open();
    await expect(finalizeRun(parts, world.run.id, { author: "Ann", confirm })).rejects.toThrow("still running");
  });

  it("asks people once about the batch when it costs more than may be spent unasked", async () => {
    const parts = await openFinished();
    await world.store.runs.setConfig(world.run.id, { ...world.config, approval: { ...world.config.approval, over: { device_hours: 0 } } });
    const asked = await finalizeRun(parts, world.run.id, { author: "Ann", confirm });
    expect(asked).toMatchObject({ status: "ask", approval: { batch: "finalize", state: "pending" } });
    expect(await world.events("final-open")).toEqual([]);
    if (asked.status === "ask") {
      await decideApproval(world.store, { id: asked.approval.id, to: "approved", by: "Ann", role: "owner", reason: null });
    }
    expect((await finalizeRun(parts, world.run.id, { author: "Ann", confirm })).status).toBe("ok");
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
