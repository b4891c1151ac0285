import type { KnownObjects } from "../../pool/known-objects.ts";
import type { Run, Store } from "../../store/store.ts";

/** Datasets and tasks of a run: whatever joins it is compared with all of them. */
export async function knownObjects(store: Store, run: Run): Promise<KnownObjects> {
  const datasets = await store.objects.datasets(run.id);
  return {
    datasets: datasets.map(({ id, key, path }) => ({ id, key, path })),
    tasks: run.tasks.map(({ id, key, path }) => ({ id, key, path })),
    config: { datasets: run.config.datasets },
  };
}

/** What something was compared with, in words that are unique within a run: `dataset math`, `task math`. */
export function namesOf({ datasets, tasks }: KnownObjects): string[] {
  return [...datasets.map(({ id }) => `dataset ${id}`), ...tasks.map(({ id }) => `task ${id}`)];
}
