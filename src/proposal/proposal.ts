import type { DirectiveBody } from "../memory/directive.ts";
import type { PreparedObjects } from "../pool/prepared-objects.ts";
import type { RunConfig } from "../config/run-config.ts";
import type { RunEstimate } from "../service/estimate-run.ts";
import type { AddedObjects } from "../service/extension/added-objects.ts";
import type { Estimate, Timestamp } from "../store/store.ts";

/** Budget limits that people may change while a run goes on; null takes a limit away. */
export type BudgetChange = Partial<
  Record<"trials" | "steps" | "device_hours" | "usd" | "llm_usd" | "llm_tokens" | "disk_gb", number | null>
>;

/** A yes beforehand, as its card shows it. */
export interface RevokedYes {
  id: string;
  actionType: string | null;
  deviceHours: number;
  until: Timestamp;
}

/** Objects and tasks that are to join a run. */
interface ExtendBody {
  kind: "extend";
  added: AddedObjects;
  prepared: PreparedObjects;
  /** Datasets and tasks of the run that it was compared with; a proposal of before this was noted has none. */
  compared?: string[];
  estimate: Estimate | null;
  /** Why it takes an approver; null when it does not. */
  asks: string | null;
}

/** What somebody asked for. It changes nothing before a person with the right role confirms it. */
export type ProposalBody =
  | { kind: "start"; config: RunConfig; prepared: PreparedObjects; estimate: RunEstimate }
  | { kind: "steer"; text: string; wish: DirectiveBody }
  | { kind: "forget"; directive: number }
  | { kind: "budget"; change: BudgetChange }
  | { kind: "standing"; actionType: string | null; deviceHours: number; until: Timestamp }
  /** Yeses beforehand that are to hold no more. */
  | { kind: "revoke-standing"; standing: RevokedYes[] }
  | ExtendBody
  | { kind: "cancel-trial"; trial: number }
  | { kind: "control"; to: "pause" | "resume" | "stop" };

/** A stored wish with what became of it. */
export interface Proposal {
  /** `p7`, numbered over all runs. */
  id: string;
  /** Null for a run that does not exist yet. */
  runId: string | null;
  body: ProposalBody;
  /** `platform:id` of who asked, and their name. */
  author: string;
  authorName: string;
  state: "pending" | "confirmed" | "cancelled" | "expired";
  createdAt: Timestamp;
  expiresAt: Timestamp;
  decidedBy: string | null;
  decidedAt: Timestamp | null;
  /** What came of it, in words: the id of the run that was made, the number of the wish. */
  outcome: string | null;
}
