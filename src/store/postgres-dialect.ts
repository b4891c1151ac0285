import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
  AbortedTransactionError,
  PostgresDialect,
  TableNode,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from "kysely";
import type { Pool, PoolClient } from "pg";
import { z } from "zod";
import { ConnectionLoss, isConnectionLoss, outliveLosses } from "./connection-loss.ts";

/** Number of the advisory lock that a transaction holds; it has a meaning in Temper's database only. */
const transactionLock = 7_463_001;

interface LastingOptions {
  pool: Pool;
  /** How messages name the server. */
  place: string;
  /** How long a server that went away is waited for. */
  patienceMs: number;
}

/**
 * Kysely's PostgreSQL dialect whose statements outlive a lost connection, a restart and a failover. A question is
 * asked again; a change leaves a mark of its own in the table `commits`, so that after a loss it can be seen whether it was
 * committed: nothing is done twice and nothing is left out. A transaction that was lost before its commit throws
 * `ConnectionLoss`: whoever knows its work begins it anew.
 */
export class LastingPostgresDialect extends PostgresDialect {
  readonly #options: LastingOptions;

  constructor(options: LastingOptions) {
    super({ pool: options.pool });
    this.#options = options;
  }

  override createDriver(): Driver {
    return new LastingDriver(this.#options);
  }
}

class LastingDriver implements Driver {
  readonly #options: LastingOptions;
  readonly #open = new WeakMap<DatabaseConnection, LastingConnection>();

  constructor(options: LastingOptions) {
    this.#options = options;
  }

  async init() {}

  async acquireConnection() {
    const connection = new LastingConnection(this.#options);
    this.#open.set(connection, connection);
    return connection;
  }

  beginTransaction(connection: DatabaseConnection) {
    return this.#of(connection).begin(true);
  }

  commitTransaction(connection: DatabaseConnection) {
    return this.#of(connection).commit();
  }

  rollbackTransaction(connection: DatabaseConnection) {
    return this.#of(connection).rollback();
  }

  async releaseConnection(connection: DatabaseConnection) {
    this.#of(connection).release();
  }

  async destroy() {
    if (!this.#options.pool.ended) await this.#options.pool.end();
  }

  #of(connection: DatabaseConnection): LastingConnection {
    const found = this.#open.get(connection);
    if (found === undefined) throw new Error("This connection is not one of this driver.");
    return found;
  }
}

/** What came back of `begin; select …`: one result a statement, the transaction's id in the last. */
const beginSchema = z.array(z.object({ rows: z.array(z.object({ xid: z.string().optional() })) }));
const statusSchema = z.object({ rows: z.array(z.object({ status: z.string().nullable() })) });
/** A server that no longer knows a transaction which it has given out lost it in a failover. */
const unknownTransaction = "22023";
const statusPauseMs = 50;

/** Tables of which each process changes rows of its own, to what it says: done twice, the same stands there. */
const repeatable = new Set(["leases", "conductors"]);

/** A change that needs no transaction id, and so no transaction of its own around it. */
function isRepeatable({ query }: CompiledQuery): boolean {
  const tables =
    query.kind === "InsertQueryNode"
      ? [query.into]
      : query.kind === "DeleteQueryNode"
        ? query.from.froms
        : query.kind === "UpdateQueryNode"
          ? [query.table]
          : [];
  return tables.some((table) => table !== undefined && TableNode.is(table) && repeatable.has(table.table.identifier.name));
}

/** So many distinct statements a connection keeps; those with lists of varying length come and go, and get no name beyond. */
const mostNames = 500;
const names = new Map<string, string>();

/** The name under which a connection keeps a statement prepared: parsing and planning anew takes longer than most of them run. */
function named(sql: string, parameters: readonly unknown[]): { name?: string } {
  if (parameters.length === 0) return {};
  const known = names.get(sql);
  if (known !== undefined) return { name: known };
  if (names.size >= mostNames) return {};
  const name = `temper-${names.size}`;
  names.set(sql, name);
  return { name };
}

/** How to find out what became of a transaction. */
interface OpenTransaction {
  /** PostgreSQL's id, which tells while it is still under way. After a crash the server gives ids again that it had not written down. */
  xid: string;
  client: string;
  /** What stands for it in the client's row of `commits`, once it is committed. */
  token: string;
}

/** Each connection to the server has one row in `commits`, under a name that is never used again. */
const clients = new WeakMap<PoolClient, string>();

function nameOf(client: PoolClient): string {
  const known = clients.get(client);
  if (known !== undefined) return known;
  const name = randomUUID();
  clients.set(client, name);
  return name;
}

class LastingConnection implements DatabaseConnection {
  readonly #options: LastingOptions;
  #client: PoolClient | null = null;
  #transaction: OpenTransaction | null = null;

  constructor(options: LastingOptions) {
    this.#options = options;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#transaction !== null) return this.#ask<R>(query);
    if (query.query.kind === "SelectQueryNode" || isRepeatable(query)) return this.#outlive(() => this.#ask<R>(query));
    return this.#outlive(async () => {
      await this.begin(false);
      try {
        const result = await this.#ask<R>(query);
        await this.commit();
        return result;
      } catch (error) {
        await this.rollback();
        throw error;
      }
    });
  }

  /** @param alone Waits until no other such transaction is open: see `createStore`. */
  async begin(alone: boolean): Promise<void> {
    const lock = alone ? `select pg_advisory_xact_lock(${transactionLock});` : "";
    await this.#outlive(async () => {
      const client = nameOf(await this.#connect());
      const token = randomUUID();
      const mark = `insert into commits (client, token) values ('${client}', '${token}')
        on conflict (client) do update set token = excluded.token, committed_at = excluded.committed_at;`;
      const results = await this.#send(`begin; ${lock} ${mark} select pg_current_xact_id()::text as xid`, []);
      const xid = beginSchema.parse(results).at(-1)?.rows[0]?.xid;
      this.#transaction = xid === undefined ? null : { xid, client, token };
    });
  }

  async commit(): Promise<void> {
    const transaction = this.#transaction;
    try {
      const { command } = await this.#send("commit", []);
      this.#transaction = null;
      // PostgreSQL answers so where an earlier error left the transaction aborted.
      if (command === "ROLLBACK") throw new AbortedTransactionError();
    } catch (error) {
      if (!(error instanceof ConnectionLoss) || transaction === null) throw error;
      this.#transaction = null;
      if (!(await this.#wasCommitted(transaction))) throw error;
    }
  }

  async rollback(): Promise<void> {
    const isOpen = this.#transaction !== null && this.#client !== null;
    this.#transaction = null;
    if (!isOpen) return;
    // A server that is gone has rolled back already.
    await this.#send("rollback", []).catch((error: unknown) => {
      if (!(error instanceof ConnectionLoss)) throw error;
    });
  }

  release(): void {
    this.#client?.release();
    this.#client = null;
  }

  // oxlint-disable-next-line require-yield -- nothing of ours reads so much at once.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Streaming is not used with PostgreSQL here.");
  }

  #outlive<T>(work: () => Promise<T>): Promise<T> {
    return outliveLosses(this.#options.place, this.#options.patienceMs, work);
  }

  async #ask<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    // Another connection would not be inside of the transaction that was lost with this one.
    if (this.#transaction !== null && this.#client === null) throw new ConnectionLoss("the transaction was lost with its connection");
    const { rows, rowCount, command } = await this.#send<R>(sql, parameters);
    const isChange = command === "INSERT" || command === "UPDATE" || command === "DELETE";
    return isChange ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };
  }

  async #connect(): Promise<PoolClient> {
    try {
      this.#client ??= await this.#options.pool.connect();
      return this.#client;
    } catch (error) {
      throw isConnectionLoss(error) ? new ConnectionLoss(error) : error;
    }
  }

  async #send<R>(sql: string, parameters: readonly unknown[]) {
    try {
      const client = await this.#connect();
      return await client.query<R & Record<string, unknown>>({ ...named(sql, parameters), text: sql, values: [...parameters] });
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      this.#client?.release(true);
      this.#client = null;
      throw new ConnectionLoss(error);
    }
  }

  /** What became of a transaction whose commit was sent and never answered. */
  #wasCommitted({ xid, client, token }: OpenTransaction): Promise<boolean> {
    return this.#outlive(async () => {
      while ((await this.#statusOf(xid)) === "in progress") await delay(statusPauseMs);
      const { rows } = await this.#send("select from commits where client = $1 and token = $2", [client, token]);
      return rows.length > 0;
    });
  }

  async #statusOf(xid: string): Promise<string | null> {
    try {
      const answer = await this.#send("select pg_xact_status($1::xid8) as status", [xid]);
      return statusSchema.parse(answer).rows[0]?.status ?? null;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === unknownTransaction) return null;
      throw error;
    }
  }
}
