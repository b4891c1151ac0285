import { Annotation } from "@langchain/langgraph";

/** What came of a node, where the way forks. */
export type Turn =
  /** Go on to the next node. */
  | "go"
  /** The planner says that the run should stop. */
  | "stop"
  /** The space holds no untried action. */
  | "exhausted"
  /** People must be asked before a job starts. */
  | "ask"
  /** People said no, or nobody answered: the trial is skipped. */
  | "skip"
  /** A model was made (or was known). */
  | "made"
  /** The job failed: a result like any other. */
  | "failed";

/**
 * State of a trial's thread: ids and small fields only. The trial's row in the store decides what is so; this only
 * says which node is next.
 */
export const DiscoveryState = Annotation.Root({
  runId: Annotation<string>(),
  /** The trial's number: reserved when the thread starts, claimed in `select`. */
  number: Annotation<number>(),
  /** Whether the trial's row is there: baselines and repeats enter with it, chosen trials get it in `select`. */
  claimed: Annotation<boolean>(),
  lane: Annotation<number | null>(),
  /** Exact size of the action space at `enumerate`. */
  spaceTotal: Annotation<number>(),
  turn: Annotation<Turn>(),
});

export type DiscoveryStateValue = typeof DiscoveryState.State;
export type DiscoveryUpdate = Partial<DiscoveryStateValue>;
