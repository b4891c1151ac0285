import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { SqliteError, type Database as SqliteFile } from "better-sqlite3";
import { CompiledQuery, SqliteAdapter, SqliteDialect, type DatabaseConnection, type Driver, type QueryResult } from "kysely";

/** A lock is waited for this long, off the event loop: a wait inside SQLite would block the very transaction that holds it. */
const busyTimeoutMs = 5000;
/** A transaction of Temper takes 1–5 ms, so this is about one turn. */
const busyPauseMs = 4;
/**
 * SQLite answers at once, so a chain of queries is one turn of the event loop, in which nobody else gets an answer. After
 * so long others have their turn.
 */
const longestTurnMs = 10;

type Explain = (error: unknown) => Error;

/** Kysely's SQLite dialect with transactions that take the write lock at once and wait for locks without blocking. */
export class WaitingSqliteDialect extends SqliteDialect {
  readonly #explain: Explain;

  /** @param explain Turns SQLite's error into one for people. */
  constructor(file: SqliteFile, explain: Explain) {
    super({ database: file });
    this.#explain = explain;
  }

  override createAdapter() {
    return new TransactionalAdapter();
  }

  override createDriver(): Driver {
    return new WaitingDriver(super.createDriver(), this.#explain);
  }
}

/** SQLite's tables are made in transactions like rows are; Kysely leaves that out, and two processes would both migrate. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl() {
    return true;
  }
}

class WaitingDriver implements Driver {
  readonly #inner: Driver;
  readonly #explain: Explain;
  readonly #turns = new Turns();

  constructor(inner: Driver, explain: Explain) {
    this.#inner = inner;
    this.#explain = explain;
  }

  init() {
    return this.#inner.init();
  }

  async acquireConnection() {
    // Asked for before each single query and each transaction, which is not interrupted.
    await this.#turns.share();
    return new WaitingConnection(await this.#inner.acquireConnection(), this.#explain);
  }

  /** `immediate`: a transaction that reads first and writes later fails at once when another process wrote in between. */
  async beginTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  commitTransaction(connection: DatabaseConnection) {
    return this.#inner.commitTransaction(connection);
  }

  rollbackTransaction(connection: DatabaseConnection) {
    return this.#inner.rollbackTransaction(connection);
  }

  async releaseConnection() {}

  destroy() {
    return this.#inner.destroy();
  }
}

/** Lets others have a turn of the event loop when this one has gone on for long. */
class Turns {
  #startedAt: number | null = null;

  async share(): Promise<void> {
    const now = performance.now();
    if (this.#startedAt === null) {
      this.#startedAt = now;
      // A turn that ends by itself is over then.
      setImmediate(() => (this.#startedAt = null));
    } else if (now - this.#startedAt > longestTurnMs) await nextTurn();
  }
}

class WaitingConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection;
  readonly #explain: Explain;

  constructor(inner: DatabaseConnection, explain: Explain) {
    this.#inner = inner;
    this.#explain = explain;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const deadline = performance.now() + busyTimeoutMs;
    for (;;) {
      try {
        return await this.#inner.executeQuery<R>(query);
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw this.#explain(error);
      }
      await delay(busyPauseMs);
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number) {
    return this.#inner.streamQuery<R>(query, chunkSize);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof SqliteError && error.code.startsWith("SQLITE_BUSY");
}
