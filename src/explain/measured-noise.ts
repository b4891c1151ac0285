import { noiseFloor } from "../score/noise-floor.ts";
import type { RunFacts } from "./run-facts.ts";

/** How far two trainings that differ in their seed only lie apart, from the run's repeats; null until something was repeated. */
export async function measuredNoise(facts: RunFacts): Promise<number | null> {
  const { store, run } = facts;
  const groups = new Map<string, number[]>();
  for (const kind of ["baseline", "repeat"] as const) {
    for (const { action, model } of await store.trials.ofKind(run.id, kind)) {
      const score = model === null ? null : await facts.score(model);
      const name = JSON.stringify({ ...action, seed: 0 });
      if (score !== null) groups.set(name, [...(groups.get(name) ?? []), score]);
    }
  }
  const floors = [...groups.values()].flatMap((values) => noiseFloor(values) ?? []);
  return floors.length === 0 ? null : Math.max(...floors);
}
