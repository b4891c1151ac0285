import type { RunnableConfig } from "@langchain/core/runnables";
import { BaseCheckpointSaver } from "@langchain/langgraph";

type Put = Parameters<BaseCheckpointSaver["put"]>;
type PutWrites = Parameters<BaseCheckpointSaver["putWrites"]>;

/** A checkpoint, or writes that wait for the next one, in the order in which the graph made them. */
type Held = { put: Put } | { writes: PutWrites };

/**
 * Checkpoints of trials' threads that reach the saver behind it only when a trial is parked for people. All else that a
 * thread needs after a crash is in the trial's row, and every node looks there first; a checkpoint for every node would
 * be most of what a trial writes (see `docs/decisions/0011-a-checkpoint-where-a-trial-waits.md`).
 */
export class ParkedCheckpoints extends BaseCheckpointSaver {
  readonly #lasting: BaseCheckpointSaver;
  readonly #held = new Map<string, Held[]>();
  /** Threads that began here, so that there can be nothing of them yet. */
  readonly #fresh = new Set<string>();
  /** Threads of which the saver holds something. */
  readonly #stored = new Set<string>();

  constructor(lasting: BaseCheckpointSaver) {
    super(lasting.serde);
    this.#lasting = lasting;
  }

  /** Says that a thread starts from its input, whatever is stored. */
  begin(threadId: string): void {
    this.#fresh.add(threadId);
  }

  /** Stores what a thread that waits for people needs to go on. */
  async park(threadId: string): Promise<void> {
    for (const held of this.#take(threadId)) {
      this.#stored.add(threadId);
      if ("put" in held) await this.#lasting.put(...held.put);
      else await this.#lasting.putWrites(...held.writes);
    }
  }

  /** Forgets what a thread did since it was parked, or since it began. */
  drop(threadId: string): void {
    this.#take(threadId);
  }

  override async deleteThread(threadId: string): Promise<void> {
    this.#take(threadId);
    if (this.#stored.delete(threadId)) await this.#lasting.deleteThread(threadId);
  }

  override async getTuple(config: RunnableConfig) {
    const threadId = threadOf(config);
    if (this.#fresh.has(threadId)) return undefined;
    const tuple = await this.#lasting.getTuple(config);
    if (tuple !== undefined) this.#stored.add(threadId);
    return tuple;
  }

  override list(...parameters: Parameters<BaseCheckpointSaver["list"]>) {
    return this.#lasting.list(...parameters);
  }

  override async put(...put: Put): Promise<RunnableConfig> {
    const [config, checkpoint] = put;
    this.#hold(config, { put });
    return { configurable: { ...config.configurable, checkpoint_id: checkpoint.id } };
  }

  override async putWrites(...writes: PutWrites): Promise<void> {
    this.#hold(writes[0], { writes });
  }

  #hold(config: RunnableConfig, held: Held): void {
    const threadId = threadOf(config);
    const all = this.#held.get(threadId);
    if (all === undefined) this.#held.set(threadId, [held]);
    else all.push(held);
  }

  #take(threadId: string): Held[] {
    const held = this.#held.get(threadId) ?? [];
    this.#held.delete(threadId);
    this.#fresh.delete(threadId);
    return held;
  }
}

function threadOf(config: RunnableConfig): string {
  return String(config.configurable?.["thread_id"]);
}
