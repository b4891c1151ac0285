import type { Store, Trial } from "../store/store.ts";

const shapeOf = ({ action }: Trial) => JSON.stringify({ ...action, seed: 0 });

/** Groups of trainings that differ in their seed only: a baseline that was repeated, then its repeats. */
export async function repeatedTrainings(store: Store, runId: string): Promise<Trial[][]> {
  const repeats = await store.trials.ofKind(runId, "repeat");
  const groups = new Map<string, Trial[]>(repeats.map((trial) => [shapeOf(trial), []]));
  const baselines = repeats.length === 0 ? [] : await store.trials.ofKind(runId, "baseline");
  for (const trial of [...baselines, ...repeats]) groups.get(shapeOf(trial))?.push(trial);
  return [...groups.values()];
}
