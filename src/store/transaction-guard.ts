import { AsyncLocalStorage } from "node:async_hooks";
import type { KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs } from "kysely";
import { TemperError } from "../errors.ts";

/**
 * Refuses queries that go to the outer store inside of `store.transaction`: a plugin of the outer store only. On SQLite
 * such a query would wait for the transaction that waits for it; on PostgreSQL it would silently miss the
 * transaction's own writes.
 */
export class TransactionGuard implements KyselyPlugin {
  readonly #inside = new AsyncLocalStorage<{ open: boolean }>();

  /** Runs what is inside of a transaction. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const mark = { open: true };
    try {
      return await this.#inside.run(mark, work);
    } finally {
      mark.open = false;
    }
  }

  check() {
    if (this.#inside.getStore()?.open !== true) return;
    throw new TemperError(
      "store",
      "A query went to the outer store inside of a transaction. Use the store that is handed to the transaction's function.",
    );
  }

  transformQuery(args: PluginTransformQueryArgs) {
    this.check();
    return args.node;
  }

  async transformResult(args: PluginTransformResultArgs) {
    return args.result;
  }
}
