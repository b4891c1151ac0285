import type { Attempt } from "../executor.ts";

/** An attempt as an engine knows it. */
export type Place = Pick<Attempt, "id" | "directory">;

/**
 * What an engine says of a job. `stuck` = it waits for what cannot come; `ended` = its processes are over, with
 * whatever exit code; the rest are reasons for which the engine itself ended it.
 */
export type EngineState = "queued" | "stuck" | "running" | "ended" | "cancelled" | "timeout" | "out_of_memory" | "lost";

export interface EngineJob {
  state: EngineState;
  /** The engine's own words, for people. */
  detail: string;
}

/** A job to be started: a script in the attempt's directory. */
export interface JobStart extends Place {
  /** Absolute path of the script. */
  script: string;
  /** After this many seconds the runner ends the job by itself. */
  wallSeconds: number;
}

/** The engine's answer to a submission. `job` is its own id. */
export type Submission = { kind: "accepted"; job: string } | { kind: "rejected"; why: string };

/**
 * The part of an executor that talks to a cluster's scheduler. Everything throws `EngineUnreachableError` when there is
 * no answer; what an answer means for an attempt is decided by `createEngineExecutor`.
 */
export interface Engine {
  readonly kind: "slurm" | "ray";
  /** Its name in sentences. */
  readonly title: string;
  /** Whether it takes an attempt again when the job it had for it is over. */
  readonly takesAgain: boolean;
  submit(start: JobStart): Promise<Submission>;
  /** The jobs of these attempts, by attempt id; those that the engine does not know are left out. */
  list(places: readonly Place[]): Promise<Map<string, EngineJob>>;
  /**
   * Attempts with a directory below this one whose jobs it takes for waiting or running, whoever submitted them. Empty
   * where an engine's books cannot go wrong about that.
   */
  liveBelow(directory: string): Promise<Place[]>;
  /** Asks the engine to end an attempt's jobs; harmless when there are none. */
  end(place: Place): Promise<void>;
  close(): void;
}
