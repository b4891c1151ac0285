import { describe, expect, it } from "vitest";
import { openCheckpointer } from "#graphs/conductor/checkpointer.ts";
import { CrashPoint, crashingCheckpointer, crashingStore, goneHolder } from "./crashing.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

const parts = {
  policy: "lookahead",
  budget: { trials: 3 },
  baselines: { singles: false, sft_all: true, sft_all_compute: null, noise_repeats: 1 },
};

/** Everything that people would see of a run, times left out. */
async function table(world: ScriptedWorld) {
  const trials = await world.trials();
  const decisions = await world.store.decisions.list(world.run.id);
  return {
    state: (await world.store.runs.find(world.run.id))?.state,
    trials: trials.map(({ number, kind, state, key, model, failure, steps, learnt }) => ({
      number,
      kind,
      state,
      key,
      model,
      failure,
      steps,
      learnt,
    })),
    decisions: decisions.map(({ number, trial, spaceTotal, proposal }) => ({ number, trial, spaceTotal, action: proposal.action })),
    memory: await world.store.memories.latest(world.run.id),
    models: (await world.store.objects.models(world.run.id)).map((model) => [model.id, model.key, model.parents]),
  };
}

async function undisturbed() {
  const world = await openScriptedWorld(parts);
  const point = new CrashPoint(Number.POSITIVE_INFINITY);
  const checkpointer = crashingCheckpointer(await openCheckpointer({ home: world.home }), point);
  await world.conductor({ store: crashingStore(world.store, point), checkpointer }).follow(world.run.id);
  const expected = await table(world);
  await world.close();
  return { expected, calls: point.calls };
}

/** Kills a conductor at its n-th call, then lets another one finish. */
async function crashAt(at: number) {
  const world = await openScriptedWorld(parts);
  const point = new CrashPoint(at);
  const checkpointer = crashingCheckpointer(await openCheckpointer({ home: world.home }), point);
  const first = world.conductor({ store: crashingStore(world.store, point), checkpointer, holder: goneHolder });
  const end = await first.follow(world.run.id).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  await world.conductor().follow(world.run.id);
  const found = await table(world);
  const keys = (await Promise.all(found.trials.map((trial) => world.store.jobs.ofKey(trial.key)))).map((jobs) => jobs.length);
  const submitted = world.submitted();
  const results = (await world.store.events.list(world.run.id))
    .filter((event) => event.kind === "trial-result")
    .map((event) => event.trial);
  await world.close();
  return { found, keys, submitted, results, hasCrashed: end !== "ended" };
}

describe("a conductor that is killed", () => {
  it("is followed by one that ends with the same table, wherever it was", { timeout: 300_000 }, async () => {
    const { expected, calls } = await undisturbed();
    expect(expected.state).toBe("finished");
    const stride = process.env["TEMPER_SLOW_TESTS"] === undefined ? 61 : 5;
    let crashes = 0;
    for (let at = 3; at < calls; at += stride) {
      const { found, keys, submitted, results, hasCrashed } = await crashAt(at);
      expect(found, `killed at call ${at} of ${calls}`).toEqual(expected);
      expect(keys, `killed at call ${at}`).toEqual(keys.map(() => 1));
      expect(new Set(submitted).size, `killed at call ${at}`).toBe(submitted.length);
      expect(new Set(results).size, `killed at call ${at}`).toBe(results.length);
      crashes += Number(hasCrashed);
    }
    // How often the clock makes it look for commands varies, so the last points may lie behind the end.
    expect(crashes).toBeGreaterThan(((calls - 3) / stride) * 0.8);
  });
});
