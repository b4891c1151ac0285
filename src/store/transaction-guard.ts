import { AsyncLocalStorage } from "node:async_hooks";
import { TemperError } from "../errors.ts";

/**
 * Finds queries that go to the outer store inside of `store.transaction`. On SQLite such a query would wait for the
 * transaction that waits for it; on PostgreSQL it would silently miss the transaction's own writes.
 */
export class TransactionGuard {
  readonly #inside = new AsyncLocalStorage<{ open: boolean }>();

  async run<T>(work: () => Promise<T>): Promise<T> {
    const mark = { open: true };
    try {
      return await this.#inside.run(mark, work);
    } finally {
      mark.open = false;
    }
  }

  /** Called when a connection is asked for outside of the transaction. */
  check() {
    if (this.#inside.getStore()?.open !== true) return;
    throw new TemperError(
      "store",
      "A query went to the outer store inside of a transaction. Use the store that is handed to the transaction's function.",
    );
  }
}
