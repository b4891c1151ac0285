import type { LlmSetting } from "#src/config/run-config.ts";
import type { Store } from "#src/store/store.ts";
import type { ProposalDesk } from "./proposal-desk.ts";

/** What the chat stands on. */
export interface ChatContext {
  store: Store;
  /** The chat's model; null: the run's own `llm.default`, else answers come from records and the grammar alone. */
  llm: LlmSetting | null;
  /** Where wishes become proposals; null where nobody could confirm them. */
  proposals: ProposalDesk | null;
  /** The last lines of a trial's log; null where logs cannot be read. */
  readLog: ((runId: string, trial: number) => Promise<string | null>) | null;
  /** Environment that holds the model's key. */
  env: Readonly<Record<string, string | undefined>>;
  timeZone: string;
  startedAt: Date;
  now(): Date;
}
