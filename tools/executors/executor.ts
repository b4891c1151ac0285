import type { JobRequest } from "#tools/contract/job.ts";

/** What every job gets: `perJob` devices of a kind. Jobs see logical indices from 0; the executor maps them to real ones. */
export interface JobDevice {
  kind: "cpu" | "cuda";
  perJob: number;
}

/** A try at a job. Its directory already holds `request.json` and every step's request when it is submitted. */
export interface Attempt {
  /** Same id again means the same attempt, never a second run. */
  id: string;
  directory: string;
  request: JobRequest;
  /** True for fetching from a model hub: the only job that may use a network. Default false. */
  network?: boolean;
}

/**
 * `succeeded` = the runner ended with outcome `finished` (replies may still say `failed`); `failed` = the runner
 * recorded another outcome; `lost` = it can no longer end by itself; `rejected` = the engine will never run it.
 */
export type AttemptState = "unknown" | "queued" | "running" | "succeeded" | "failed" | "cancelled" | "lost" | "rejected";

export interface AttemptStatus {
  state: AttemptState;
  /** What the engine says of it, for people: a node, a pending reason, a signal. */
  detail: string;
}

export interface LogChunk {
  text: string;
  /** Pass to the next call; counts bytes of `log.txt`. */
  cursor: number;
}

/**
 * Runs attempts somewhere. The attempt directory is the truth: `exit.json` first, then the engine, then claim and
 * liveness. Implementations pass `tests/conformance/executor.ts`.
 */
export interface Executor {
  readonly kind: "local" | "scripted" | "slurm" | "ray";
  readonly device: JobDevice;
  /** Idempotent by attempt id: also when another process submitted it before. Throws only when the engine cannot be reached. */
  submit(attempt: Attempt): Promise<void>;
  /** States of many attempts by directory; ids that were never submitted are `unknown`. */
  status(attempts: readonly Pick<Attempt, "id" | "directory">[]): Promise<Map<string, AttemptStatus>>;
  /** Ends the attempt and every process it started; idempotent; resolves when nothing of it is left. */
  cancel(attempt: Pick<Attempt, "id" | "directory">): Promise<void>;
  logs(attempt: Pick<Attempt, "id" | "directory">, cursor: number): Promise<LogChunk>;
  /** Lets go of what this process holds (workers keep running jobs that were submitted). */
  close(): Promise<void>;
}
