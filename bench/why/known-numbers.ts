import { readNumbers } from "#src/explain/answer/read-numbers.ts";
import { compareModels } from "#src/service/compare-models.ts";
import { leaderboard } from "#src/service/leaderboard.ts";
import { runStatus } from "#src/service/run-status.ts";
import type { Run, Store } from "#src/store/store.ts";

function collect(value: unknown, into: Set<number>): void {
  if (typeof value === "number") into.add(value);
  else if (typeof value === "string") for (const { value: number } of readNumbers(value)) into.add(number);
  else if (Array.isArray(value)) for (const each of value) collect(each, into);
  else if (typeof value === "object" && value !== null) for (const each of Object.values(value)) collect(each, into);
}

/** Every number that the records of a run hold, and every score and difference that follows from its items. Knows nothing of answers. */
export async function knownNumbers(store: Store, run: Run): Promise<(value: number, decimals: number) => boolean> {
  // All intervals are 95 % ones, and say so.
  const numbers = new Set<number>([95]);
  const models = await store.objects.models(run.id);
  const decisions = await store.decisions.list(run.id);
  collect([run, models, await store.objects.datasets(run.id), decisions], numbers);
  collect([await store.trials.list(run.id), await store.plans.list(run.id), await store.memories.latest(run.id)], numbers);
  collect([await leaderboard(store, run, { limit: 100 }), await runStatus(store, run.id)], numbers);
  for (const { id: a } of models) {
    for (const { id: b } of models) {
      const comparison = a === b ? null : await compareModels(store, run, { a, b }).catch(() => null);
      collect(comparison, numbers);
    }
  }
  // Counts of what the records hold: trials, candidates not named, device time in other units.
  for (let count = 0; count <= (await store.trials.list(run.id)).length; count++) numbers.add(count);
  for (const { proposal } of decisions) for (let named = 1; named <= 6; named++) numbers.add(proposal.candidatesConsidered - named);
  for (const { deviceSeconds } of await store.trials.list(run.id)) for (const part of [60, 3600]) numbers.add(deviceSeconds / part);
  const list = [...numbers];
  return (value, decimals) => list.some((known) => Math.abs(Math.abs(known) - Math.abs(value)) <= 0.5 * 10 ** -decimals + 1e-9);
}
