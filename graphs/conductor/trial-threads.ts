import { type BaseCheckpointSaver, Command } from "@langchain/langgraph";
import type { DiscoveryContext } from "../discovery/context.ts";
import { createDiscoveryGraph, type DiscoveryGraph } from "../discovery/index.ts";
import type { DiscoveryStateValue, Turn } from "../discovery/state.ts";
import { ParkedCheckpoints } from "./parked-checkpoints.ts";

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

type GraphInput = Parameters<DiscoveryGraph["stream"]>[0];

/** The last thing that a stretch on a thread told. */
interface LastUpdate {
  node: string;
  turn: Turn | undefined;
}

/** Longest way through the graph is 7 nodes; each question to people adds up to 3. */
const recursionLimit = 200;

/** A trial is one LangGraph thread; this starts, resumes and forgets them. */
export class TrialThreads {
  readonly #graph: DiscoveryGraph;
  readonly #checkpoints: ParkedCheckpoints;

  /** @param open What the nodes stand on. @param saver Keeps the checkpoints of trials that wait for people. */
  constructor(open: () => Promise<DiscoveryContext>, saver: BaseCheckpointSaver) {
    this.#checkpoints = new ParkedCheckpoints(saver);
    this.#graph = createDiscoveryGraph(open, this.#checkpoints);
  }

  /** Begins a thread whose trial was just reserved or created. */
  begin(start: ThreadStart, options: DriveOptions): Promise<ThreadEnding> {
    this.#checkpoints.begin(threadId(start));
    return this.#drive(initialState(start), start, options);
  }

  /**
   * Goes on with a trial that this or another process left: from where it was parked for people, or from the start. Every node looks at the trial's row first, so doing one again does no harm.
   */
  async resume(start: ThreadStart, options: DriveOptions): Promise<ThreadEnding> {
    const snapshot = await this.#graph.getState(threadConfig(start));
    if (snapshot.next.length === 0) return this.#drive(initialState(start), start, options);
    // Plain input on an interrupted thread would start it over: it is resumed with a command.
    const isInterrupted = snapshot.tasks.some((task) => task.interrupts.length > 0);
    return this.#drive(isInterrupted ? new Command({ resume: true }) : null, start, options);
  }

  async #drive(input: GraphInput, start: ThreadStart, options: DriveOptions): Promise<ThreadEnding> {
    try {
      const last = await this.#stream(input, start, options);
      if (last.node === "__interrupt__") {
        await this.#checkpoints.park(threadId(start));
        return "parked";
      }
      // Of a trial that is over they are of no use: the store has everything.
      await this.#checkpoints.deleteThread(threadId(start));
      return last.turn === "stop" || last.turn === "exhausted" ? last.turn : "done";
    } finally {
      this.#checkpoints.drop(threadId(start));
    }
  }

  async #stream(input: GraphInput, start: ThreadStart, { signal, onNode }: DriveOptions): Promise<LastUpdate> {
    const config = threadConfig(start);
    const stream = await this.#graph.stream(input, {
      ...config,
      durability: "exit",
      streamMode: "updates",
      signal,
      recursionLimit,
    });
    let last: LastUpdate = { node: "", turn: undefined };
    for await (const chunk of stream) {
      for (const [node, update] of Object.entries(chunk)) {
        last = { node, turn: update?.turn };
        onNode(node);
      }
    }
    return last;
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
