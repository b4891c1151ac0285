import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { Conductor } from "#graphs/conductor/conductor.ts";
import { evaluateBase } from "#graphs/conductor/evaluate-base.ts";
import { CostModel } from "#src/budget/cost-model.ts";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import { createRun } from "#src/service/create-run.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Store, Trial } from "#src/store/store.ts";
import { createLocalExecutor } from "#tools/executors/local/create-local-executor.ts";
import { prepareObjects } from "#tools/prepare.ts";

/** A run's trials in the order in which they got their results: in it model ids come out again. */
export async function readOrder(store: Store, name: string): Promise<Trial[]> {
  const run = await store.runs.find(name);
  if (run === null) return [];
  const numbers = (await store.events.list(run.id, 0, 1_000_000)).flatMap(({ kind, trial }) =>
    kind === "trial-result" ? (trial ?? []) : [],
  );
  const trials = new Map((await store.trials.list(run.id)).map((trial) => [trial.number, trial]));
  return numbers.flatMap((number) => trials.get(number) ?? []);
}

/**
 * Does the same actions one after the other, undisturbed, in a home of its own, on SQLite and the local executor whatever
 * the run had: results depend on neither. No policy decides anything.
 */
export async function replayOrder(
  { root, home, file, name }: { root: string; home: string; file: string; name: string },
  order: readonly Trial[],
): Promise<void> {
  await mkdir(home, { recursive: true });
  const store = await openStore({ home });
  const config = await loadRunConfig(file);
  const settings = config.executor.kind === "local" ? config.executor : {};
  const executor = await createLocalExecutor({ home, python: join(root, ".venv/bin/python"), store, host: hostname(), settings });
  const conductor = new Conductor({ store, home, executor });
  try {
    const log = { info: () => undefined, warn: () => undefined };
    const jobs = { store, executor, home, costModel: new CostModel(), now: () => new Date(), log };
    const prepared = await prepareObjects(jobs, config, { offline: true });
    const run = await createRun(store, { config: { ...config, name }, prepared, now: new Date() });
    const { context, threads } = await conductor.open();
    const { view } = await context.desk(run.id);
    const { signal } = new AbortController();
    for (const base of view.bases) await evaluateBase(context, view, base, signal);
    for (const { kind, label, action, key } of order) {
      const trial = await store.trials.create({ runId: run.id, kind, label, action, key, lane: 1 });
      if (trial === null) continue;
      await threads.begin({ runId: run.id, number: trial.number, claimed: true, lane: 1 }, { signal, onNode: () => undefined });
      await view.refresh();
    }
  } finally {
    await conductor.close();
    await executor.close();
    await store.close();
  }
}
