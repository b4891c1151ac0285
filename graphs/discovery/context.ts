import type { Store } from "#src/store/store.ts";
import type { JobContext } from "#tools/job-context.ts";
import type { JobOutcome } from "#tools/job-spec.ts";
import type { Agents } from "../agents/agents.ts";
import type { RunView } from "../conductor/run-view.ts";
import type { Turns } from "../conductor/turns.ts";
import type { RunJobTool } from "./job-tools.ts";

/** What a run's nodes share in this process. */
export interface RunDesk {
  view: RunView;
  agents: Agents;
  /** What the lanes of this process do one after the other. */
  turns: Turns;
}

/** What the discovery graph stands on; handed in by the conductor. */
export interface DiscoveryContext {
  store: Store;
  jobs: JobContext;
  runJob: RunJobTool;
  /** Replies on their way from `train` to `evaluate` in this process, too big for a checkpoint; lost with it, and read again. */
  outcomes: Map<string, JobOutcome>;
  /** The run's view and agents, opened once a process. */
  desk(runId: string): Promise<RunDesk>;
  now(): Date;
}
