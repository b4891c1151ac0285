import { existsSync } from "node:fs";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildRecipe } from "#src/pipeline/recipe.ts";
import { pinModel } from "#src/service/pin-model.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import { ensureModels } from "#graphs/conductor/ensure-models.ts";
import { collectGarbage } from "#tools/artefacts/collect-garbage.ts";
import { weightsState } from "#tools/artefacts/model-weights.ts";
import { readPublishedReply } from "#tools/jobs/read-reply.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
let models: PoolModel[];
beforeEach(async () => {
  world = await openScriptedWorld({ budget: { trials: 8 } });
  await world.conductor().follow(world.run.id);
  models = (await world.store.objects.models(world.run.id)).filter(({ trial }) => trial !== null);
  // They were all made just now: let an hour pass.
  const past = new Date(Date.now() - 3_600_000);
  for (const { key } of models) await utimes(join(world.home, "models", key, "temper.json"), past, past);
});
afterEach(() => world.close());

const gc = (options: Partial<Parameters<typeof collectGarbage>[0]> = {}) =>
  collectGarbage({ store: world.store, home: world.home, now: new Date(), targetBytes: 0, ...options });
const state = (model: PoolModel | undefined) => weightsState(world.home, model?.key ?? "");
const gone = async () => {
  const states = await Promise.all(models.map(async (model) => ((await state(model)) === "removed" ? model.id : null)));
  return states.filter((id) => id !== null);
};

/** A child with a parent that was made, too. */
function grandchild(): PoolModel {
  const found = models.find(({ depth }) => depth > 1);
  if (found === undefined) throw new Error("no model has a parent that was made");
  return found;
}

async function ensure(id: string) {
  const { context } = await world.conductor().open();
  const { view } = await context.desk(world.run.id);
  return ensureModels(context, view, [id], { trial: null, batch: null });
}

describe("making room", () => {
  it("removes models that can be remade, and keeps their cards and recipes", async () => {
    const before = await buildRecipe(world.store, world.run, grandchild().id);
    const { removed, freedBytes } = await gc();
    expect(removed.filter(({ kind }) => kind === "model")).toHaveLength(models.length);
    expect(freedBytes).toBeGreaterThan(0);
    expect(await gone()).toEqual(models.map(({ id }) => id));
    expect(await readPublishedReply(world.home, models[0]?.key ?? "")).toMatchObject({ status: "ok" });
    expect(await buildRecipe(world.store, world.run, grandchild().id)).toEqual(before);
    expect(existsSync(join(world.home, "cache", "tasks"))).toBe(true);
  });

  it("takes the longest unused first, the best last, and stops where there is room", async () => {
    const [oldest] = models.slice(-1);
    const long = new Date(Date.now() - 7_200_000);
    await utimes(join(world.home, "models", oldest?.key ?? "", "temper.json"), long, long);
    const { homeBytes } = await gc({ dryRun: true, targetBytes: null });
    const { removed } = await gc({ targetBytes: homeBytes - 1 });
    expect(removed.flatMap(({ model }) => model ?? [])).toEqual([oldest?.id]);
    const { removed: rest } = await gc();
    expect(rest.at(-1)?.model).toBe(
      (
        await world.store.evaluations.ranking(world.run.id, {
          split: "search",
          factors: new Map(world.run.tasks.map(({ key }) => [key, 1])),
          limit: 1,
        })
      )[0]?.model,
    );
  });

  it("says what would go, without removing it", async () => {
    const { removed } = await gc({ dryRun: true });
    expect(removed.some(({ kind }) => kind === "model")).toBe(true);
    expect(await gone()).toEqual([]);
  });

  it("keeps what a person pinned", async () => {
    const pinned = grandchild();
    await pinModel(world.store, world.run, { which: pinned.id, author: "Ann", reason: null });
    const { kept } = await gc();
    expect(await state(pinned)).toBe("present");
    expect(kept).toContainEqual({ key: pinned.key, why: `Ann pinned ${pinned.id} of scripted` });
    await expect(pinModel(world.store, world.run, { which: pinned.id, author: "Ben", reason: null })).rejects.toThrow("pinned already");
  });

  it("keeps the parents of a trial that is not over", async () => {
    const parent = models[0];
    const action = {
      type: "sft",
      models: [parent?.id ?? ""],
      datasets: ["math"],
      setting: {},
      seed: 9,
      fidelity: { data: 1, steps: 1 },
    } as const;
    const made = { ...action, models: [...action.models], datasets: [...action.datasets] };
    await world.store.trials.create({ runId: world.run.id, kind: "chosen", label: null, action: made, key: "pending-key", lane: 1 });
    await gc();
    expect(await state(parent)).toBe("present");
    expect(await gone()).toHaveLength(models.length - 1);
  });

  it("keeps what was used a moment ago, and what no run of the database made", async () => {
    await ensure(models[0]?.id ?? "");
    expect((await gc()).kept).toContainEqual({ key: models[0]?.key, why: "it was used a moment ago" });
    expect(await state(models[0])).toBe("present");
  });
});

describe("a model whose files were removed", () => {
  it("is made again from its recipe when it is asked for, parents first, to the same hash", async () => {
    await gc();
    const wanted = grandchild();
    const before = await readPublishedReply(world.home, wanted.key);
    expect(await ensure(wanted.id)).toBeNull();
    expect(await state(wanted)).toBe("present");
    expect((await readPublishedReply(world.home, wanted.key))?.metrics).toEqual(before?.metrics);
    expect((await world.events("model-remake")).at(-1)).toContain(`${wanted.id} was made again from its recipe, to the same bytes.`);
    expect((await world.store.jobs.ofKey(wanted.key)).map(({ purpose }) => purpose)).toEqual(["train", "remake"]);
  });

  it("is made again when a trial builds on it", async () => {
    await gc();
    const { budget } = world.config;
    await world.store.runs.setConfig(world.run.id, { ...world.config, budget: { ...budget, trials: 12 } });
    await world.store.runs.setState(world.run.id, ["finished"], "running", "more trials");
    expect(await world.conductor().follow(world.run.id)).toBe("ended");
    expect((await world.trials()).every(({ state: trial }) => trial === "done")).toBe(true);
    expect((await world.events("model-remake")).length).toBeGreaterThan(0);
  });
});
