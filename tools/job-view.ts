import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";
import type { Run } from "#src/store/store.ts";

/** What building a job needs to know of a run: the graph's view of it has this form. */
export interface JobView {
  readonly run: Run;
  readonly modelsById: ReadonlyMap<string, PoolModel>;
  readonly datasetsById: ReadonlyMap<string, PoolDataset>;
}
