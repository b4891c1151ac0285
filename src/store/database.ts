import type { ColumnType, Generated } from "kysely";
import type { Action, ActionTypeName } from "../action/action.ts";
import type { DirectiveBody } from "../memory/directive.ts";
import type { MemoryVersion } from "../memory/memory.ts";
import type { Plan } from "../memory/plan.ts";
import type { Proposal } from "../policy/policy.ts";
import type { Proposal as AskedProposal } from "../proposal/proposal.ts";
import type { PoolObject, RegisteredTask, Split } from "../pool/objects.ts";
import type { ConductorSeat } from "./conductors.ts";
import type { KeptAnswer, ShownMessage } from "./messages.ts";
import type { ApprovalVote } from "./approval-votes.ts";
import type { Pin } from "./pins.ts";
import type { StandingApproval } from "./standing-approvals.ts";
import type {
  ApprovalState,
  Command,
  Estimate,
  JobPurpose,
  JobState,
  LlmCall,
  RunState,
  Timestamp,
  TrialKind,
  TrialState,
} from "./store.ts";

/** Written as JSON text, read parsed: every such column's name ends in `Json` (see `JsonColumns`). */
type JsonText<T> = ColumnType<T, string, string>;
/** 0 or 1: SQLite has no booleans, and both back ends run the same queries. */
type Flag = number;

interface RunTable {
  id: string;
  name: string;
  state: RunState;
  stateReason: string;
  /** Parsed with the config's schema on read, so that a config of an older version gets today's defaults. */
  configJson: ColumnType<unknown, string, string>;
  tasksJson: JsonText<RegisteredTask[]>;
  seed: number;
  createdAt: Timestamp;
  endedAt: Timestamp | null;
  finalOpenedAt: Timestamp | null;
  /** Running totals, kept in the transactions that change what they count: a run of 10,000 trials is never scanned. */
  lastTrial: Generated<number>;
  decisionCount: Generated<number>;
  chosenCount: Generated<number>;
  chosenFromCacheCount: Generated<number>;
  otherCount: Generated<number>;
  failedCount: Generated<number>;
  liveCount: Generated<number>;
  spentDeviceSeconds: Generated<number>;
  llmCallCount: Generated<number>;
  llmFaultCount: Generated<number>;
  llmInputTokens: Generated<number>;
  llmOutputTokens: Generated<number>;
  llmUsd: Generated<number>;
}

interface ObjectTable {
  position: Generated<number>;
  runId: string;
  id: string;
  kind: PoolObject["kind"];
  key: string;
  objectJson: JsonText<PoolObject>;
}

export interface TrialTable {
  runId: string;
  number: number;
  kind: TrialKind;
  label: string | null;
  state: TrialState;
  actionJson: JsonText<Action>;
  key: string;
  lane: number | null;
  model: string | null;
  failure: string | null;
  detail: string | null;
  fromCache: Flag;
  learnt: Flag | null;
  steps: number;
  deviceSeconds: number;
  createdAt: Timestamp;
  startedAt: Timestamp | null;
  endedAt: Timestamp | null;
  /** Whether a job was ever created for it: what `budget.trials` counts. */
  hasJob: Flag;
  /** Neither done, failed nor skipped. */
  isLive: Flag;
}

interface DecisionTable {
  runId: string;
  number: number;
  trial: number;
  policy: string;
  proposalJson: JsonText<Proposal>;
  planVersion: number;
  memoryVersion: number | null;
  spaceTotal: number;
  createdAt: Timestamp;
}

interface EvaluationTable {
  key: string;
  modelKey: string;
  task: string;
  taskKey: string;
  split: Split;
  items: number;
  score: number;
  lenient: number;
  majority: number;
  hitTokenLimit: number;
  empty: number;
  mostCommonOutput: number;
  createdAt: Timestamp;
  medianOutputTokens: number | null;
  p90OutputTokens: number | null;
}

/** Outcomes of all items of an evaluation: two packed arrays of little-endian float32. */
interface ItemTable {
  evaluationKey: string;
  strict: Buffer;
  lenient: Buffer;
}

interface MemoryTable {
  runId: string;
  version: number;
  trial: number;
  memoryJson: JsonText<MemoryVersion>;
}

interface PlanTable {
  runId: string;
  version: number;
  planJson: JsonText<Plan>;
}

interface DirectiveTable {
  runId: string;
  id: number;
  author: string;
  createdAt: Timestamp;
  revokedAt: Timestamp | null;
  text: string;
  bodyJson: JsonText<DirectiveBody>;
}

interface ApprovalTable {
  position: Generated<number>;
  id: string;
  runId: string;
  trial: number | null;
  batch: string | null;
  key: string;
  membersJson: JsonText<readonly string[]>;
  estimateJson: JsonText<Estimate>;
  why: string;
  state: ApprovalState;
  createdAt: Timestamp;
  expiresAt: Timestamp;
  decidedBy: string | null;
  decidedAt: Timestamp | null;
  reason: string | null;
}

export interface JobTable {
  position: Generated<number>;
  attempt: string;
  runId: string;
  trial: number | null;
  key: string;
  purpose: JobPurpose;
  actionType: ActionTypeName | "evaluate";
  state: JobState;
  directory: string;
  outcome: string | null;
  failure: string | null;
  work: number;
  estimateJson: JsonText<Estimate>;
  /** The estimate's p90, also as a number: what a live job reserves. */
  reservedDeviceSeconds: number;
  approvalId: string | null;
  deviceSeconds: number | null;
  wallSeconds: number | null;
  peakMemoryMib: number | null;
  createdAt: Timestamp;
  endedAt: Timestamp | null;
}

interface DeviceTable {
  host: string;
  kind: "cpu" | "cuda";
  slot: number;
  attempt: string | null;
}

interface LeaseTable {
  resource: string;
  holder: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

interface CommandTable {
  id: Generated<number>;
  runId: string;
  kind: Command["kind"];
  author: string;
  fieldsJson: JsonText<Record<string, unknown>>;
  createdAt: Timestamp;
  takenAt: Timestamp | null;
}

interface EventTable {
  id: Generated<number>;
  runId: string | null;
  time: Timestamp;
  kind: string;
  actor: string;
  trial: number | null;
  text: string;
  fieldsJson: JsonText<Record<string, unknown>>;
}

interface LlmCallTable {
  position: Generated<number>;
  runId: string;
  trial: number | null;
  role: LlmCall["role"];
  model: string;
  outcome: LlmCall["outcome"];
  detail: string | null;
  inputTokens: number;
  outputTokens: number;
  usd: number;
  latencyMs: number;
  createdAt: Timestamp;
}

interface MessageTable extends Omit<ShownMessage, "answer"> {
  position: Generated<number>;
  answerJson: ColumnType<KeptAnswer | null, string | null, string | null>;
}

interface ProposalTable extends Omit<AskedProposal, "body"> {
  position: number;
  bodyJson: JsonText<AskedProposal["body"]>;
}

interface StandingApprovalTable extends StandingApproval {
  number: number;
}

/** The tables as queries see them: camel case here, snake case in the database. */
export interface Database {
  runs: RunTable;
  objects: ObjectTable;
  trials: TrialTable;
  decisions: DecisionTable;
  evaluations: EvaluationTable;
  items: ItemTable;
  memories: MemoryTable;
  plans: PlanTable;
  directives: DirectiveTable;
  approvals: ApprovalTable;
  jobs: JobTable;
  devices: DeviceTable;
  leases: LeaseTable;
  commands: CommandTable;
  events: EventTable;
  llmCalls: LlmCallTable;
  messages: MessageTable;
  pins: Pin;
  proposals: ProposalTable;
  approvalVotes: ApprovalVote;
  approvalReminders: { approval: string; createdAt: Timestamp };
  standingApprovals: StandingApprovalTable;
  conductors: ConductorSeat;
}
