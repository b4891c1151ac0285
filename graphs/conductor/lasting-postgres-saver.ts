import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import type { Pool } from "pg";
import { outliveLosses } from "#src/store/connection-loss.ts";

/** As long as the store waits: they stand in the same database. */
const patienceMs = 120_000;

/**
 * LangGraph's PostgreSQL saver that outlives a lost connection. Each of its calls may be done twice: checkpoints and
 * writes are stored under ids of their own, and overwrite themselves.
 */
export class LastingPostgresSaver extends PostgresSaver {
  readonly #place: string;

  /** @param place How messages name the server. */
  constructor(pool: Pool, place: string) {
    super(pool, undefined, { schema: "temper_checkpoints" });
    this.#place = place;
  }

  override getTuple(...parameters: Parameters<PostgresSaver["getTuple"]>) {
    return this.#outlive(() => super.getTuple(...parameters));
  }

  override put(...parameters: Parameters<PostgresSaver["put"]>) {
    return this.#outlive(() => super.put(...parameters));
  }

  override putWrites(...parameters: Parameters<PostgresSaver["putWrites"]>) {
    return this.#outlive(() => super.putWrites(...parameters));
  }

  override deleteThread(...parameters: Parameters<PostgresSaver["deleteThread"]>) {
    return this.#outlive(() => super.deleteThread(...parameters));
  }

  #outlive<T>(work: () => Promise<T>): Promise<T> {
    return outliveLosses(this.#place, patienceMs, work);
  }
}
