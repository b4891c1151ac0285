import { Command } from "@langchain/langgraph";
import type { DiscoveryGraph } from "../discovery/index.ts";
import type { DiscoveryStateValue, Turn } from "../discovery/state.ts";

/** How a stretch on a trial's thread ended: over, waiting for people, or with nothing to try. */
export type ThreadEnding = "done" | "parked" | "stop" | "exhausted";

export interface ThreadStart {
  runId: string;
  number: number;
  /** Whether the trial's row is there already. */
  claimed: boolean;
  lane: number;
}

export interface DriveOptions {
  signal: AbortSignal;
  /** Hears of every node that was done. */
  onNode(node: string): void;
}

/** Longest way through the graph is 7 nodes; each question to people adds up to 3. */
const recursionLimit = 200;

/** A trial is one LangGraph thread; this starts, resumes and forgets them. */
export class TrialThreads {
  readonly #graph: DiscoveryGraph;

  constructor(graph: DiscoveryGraph) {
    this.#graph = graph;
  }

  /** Begins a thread whose trial was just reserved or created. */
  begin(start: ThreadStart, options: DriveOptions): Promise<ThreadEnding> {
    return this.#drive(initialState(start), start, options);
  }

  /**
   * Goes on with a trial that this or another process left: from its checkpoint, or from the start where there is
   * none that leads on. Every node looks at the trial's row first, so doing one again does no harm.
   */
  async resume(start: ThreadStart, options: DriveOptions): Promise<ThreadEnding> {
    const snapshot = await this.#graph.getState(threadConfig(start));
    if (snapshot.next.length === 0) return this.#drive(initialState(start), start, options);
    // Plain input on an interrupted thread would start it over: it is resumed with a command.
    const isInterrupted = snapshot.tasks.some((task) => task.interrupts.length > 0);
    return this.#drive(isInterrupted ? new Command({ resume: true }) : null, start, options);
  }

  async #drive(
    input: Parameters<DiscoveryGraph["stream"]>[0],
    start: ThreadStart,
    { signal, onNode }: DriveOptions,
  ): Promise<ThreadEnding> {
    const config = threadConfig(start);
    const stream = await this.#graph.stream(input, {
      ...config,
      durability: "sync",
      streamMode: "updates",
      signal,
      recursionLimit,
    });
    let last: { node: string; turn: Turn | undefined } = { node: "", turn: undefined };
    for await (const chunk of stream) {
      for (const [node, update] of Object.entries(chunk)) {
        last = { node, turn: update?.turn };
        onNode(node);
      }
    }
    if (last.node === "__interrupt__") return "parked";
    await this.forget(start);
    return last.turn === "stop" || last.turn === "exhausted" ? last.turn : "done";
  }

  /** Checkpoints of a trial that is over are of no use: the store has everything. */
  async forget(start: Pick<ThreadStart, "runId" | "number">): Promise<void> {
    const saver = this.#graph.checkpointer;
    if (typeof saver === "object") await saver.deleteThread(threadId(start));
  }
}

function threadId({ runId, number }: Pick<ThreadStart, "runId" | "number">): string {
  return `run:${runId}:trial:${number}`;
}

function threadConfig(start: Pick<ThreadStart, "runId" | "number">) {
  return { configurable: { thread_id: threadId(start) } };
}

function initialState({ runId, number, claimed, lane }: ThreadStart): DiscoveryStateValue {
  return { runId, number, claimed, lane, spaceTotal: 0, turn: "go" };
}
