import type { Store } from "#src/store/store.ts";
import type { JobContext } from "#tools/job-context.ts";
import type { Agents } from "../agents/agents.ts";
import type { RunView } from "../conductor/run-view.ts";
import type { RunJobTool } from "./job-tools.ts";

/** What a run's nodes share in this process. */
export interface RunDesk {
  view: RunView;
  agents: Agents;
}

/** What the discovery graph stands on; handed in by the conductor. */
export interface DiscoveryContext {
  store: Store;
  jobs: JobContext;
  runJob: RunJobTool;
  /** The run's view and agents, opened once a process. */
  desk(runId: string): Promise<RunDesk>;
  /** Runs `work` while no other conductor or lane does the same under this name. */
  exclusively<T>(resource: string, work: () => Promise<T>): Promise<T>;
  now(): Date;
}
