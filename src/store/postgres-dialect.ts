import { PostgresDialect, type Driver } from "kysely";
import type { Pool } from "pg";
import type { TransactionGuard } from "./transaction-guard.ts";

/** Kysely's PostgreSQL dialect that refuses queries which bypass the transaction they stand in. */
export class GuardedPostgresDialect extends PostgresDialect {
  readonly #guard: TransactionGuard;

  constructor(pool: Pool, guard: TransactionGuard) {
    super({ pool });
    this.#guard = guard;
  }

  override createDriver(): Driver {
    const driver = super.createDriver();
    const acquire = driver.acquireConnection.bind(driver);
    driver.acquireConnection = async (options) => {
      this.#guard.check();
      return await acquire(options);
    };
    return driver;
  }
}
