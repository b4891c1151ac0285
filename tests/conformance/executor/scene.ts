import type { Attempt, AttemptState, Executor } from "#tools/executors/executor.ts";
import type { TestHome } from "../../tools/test-home.ts";
import type { ExecutorUnderTest } from "../executor.ts";

/** What the parts of the suite share: the test's home and executor, and how to wait for a state. */
export interface ExecutorScene {
  under: ExecutorUnderTest;
  place(): TestHome;
  executor(): Executor;
  /** Another instance on the same home. */
  open(): Promise<Executor>;
  stateOf(attempt: Pick<Attempt, "id" | "directory">, instance?: Executor): Promise<AttemptState | undefined>;
  reach(attempt: Attempt, state: AttemptState, instance?: Executor): Promise<void>;
  timeout: number;
}
