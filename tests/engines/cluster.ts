/** A one-node cluster of a test's own. */
export interface Cluster {
  /** What Temper's environment needs to find it. */
  environment: Readonly<Record<string, string>>;
  /** Ends its head in the gentlest way there is; jobs go on. */
  stopHead(): Promise<void>;
  /** Kills its head at once, as a crash would. What it had not saved it forgets. */
  killHead(): Promise<void>;
  /** Starts what is not running. */
  up(): Promise<void>;
  /** Ends it, its jobs, and its folder. */
  stop(): Promise<void>;
}

/** What the node shall seem to have. */
export interface ClusterSize {
  cpus: number;
  gpus: number;
}
