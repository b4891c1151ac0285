import type { RunConfig } from "../config/run-config.ts";

/** An object as its registration left it: content hash, and file or directory. */
interface Registered {
  id: string;
  key: string;
  path: string;
}

/** What a run has already when something joins it. */
export interface KnownObjects {
  datasets: Registered[];
  tasks: Registered[];
  /** What the config says of these datasets. */
  config: Pick<RunConfig, "datasets">;
}
