import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { z } from "zod";
import { TemperError } from "../errors.ts";
import type { Change, Changes } from "./changes.ts";

/** Numbers of the advisory locks; they have a meaning in Temper's database only. */
const presenceLock = 7_463_003;
const migrationLock = 7_463_004;

/** The channel that the triggers of migration `0004-conductors` write to. */
const channel = "temper";

/** Another process that is just looking whether the tables are its version's holds the lock this long at most. */
const glimpseMs = 2000;
const pauseMs = 50;
const longestPauseMs = 5000;

const payloadSchema = z
  .string()
  .transform((text) => text.split("\t"))
  .pipe(z.tuple([z.enum(["event", "command", "lease"]), z.string(), z.string()]));

/**
 * One connection that a process keeps for as long as it has the database open. It says that the process is there, by a
 * lock that keeps others from changing the tables under it, and it hears what others store.
 */
export class PostgresPresence implements Changes {
  readonly #connect: () => Client;
  readonly #listeners = new Set<(change: Change) => void>();
  #client: Client | null = null;
  #reconnecting: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  private constructor(connect: () => Client) {
    this.#connect = connect;
  }

  /** Waits while another process changes the tables. */
  static async open(connect: () => Client): Promise<PostgresPresence> {
    const presence = new PostgresPresence(connect);
    await presence.#open();
    return presence;
  }

  get isLive(): boolean {
    return this.#client !== null;
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Does `work`, which changes the tables, while nobody else has the database open; not at all when it is no longer
   * needed, since somebody else has done it.
   * @throws TemperError `conflict` that names who has.
   */
  async alone(place: string, isNeeded: () => Promise<boolean>, work: () => Promise<void>): Promise<void> {
    const client = this.#client;
    if (client === null) throw new TemperError("store", `The connection to ${place} was lost. Try again.`, { place });
    await client.query(`select pg_advisory_unlock_shared(${presenceLock})`);
    await client.query(`select pg_advisory_lock(${migrationLock})`);
    try {
      if (!(await isNeeded())) return;
      if (!(await tryLock(client))) throw await inUse(client, place);
      try {
        await work();
      } finally {
        await client.query(`select pg_advisory_unlock(${presenceLock})`);
      }
    } finally {
      await client.query(`select pg_advisory_unlock(${migrationLock})`);
      await client.query(`select pg_advisory_lock_shared(${presenceLock})`);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#listeners.clear();
    const client = this.#client;
    this.#client = null;
    await client?.end();
    await this.#reconnecting;
  }

  async #open(): Promise<void> {
    const client = this.#connect();
    // Told of a lost connection by `end`, too; without a listener an error would end the process.
    client.on("error", () => undefined);
    client.on("notification", ({ payload }) => {
      const parsed = payloadSchema.safeParse(payload ?? "");
      if (parsed.success) this.#tell({ kind: parsed.data[0], subject: parsed.data[1], what: parsed.data[2] });
    });
    await client.connect();
    client.once("end", () => this.#lost(client));
    await client.query(`select pg_advisory_lock_shared(${presenceLock})`);
    await client.query(`listen ${channel}`);
    this.#client = client;
  }

  #lost(client: Client): void {
    if (this.#client === client) this.#client = null;
    if (this.#isClosed) return;
    this.#reconnecting = this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    for (let wait = pauseMs; !this.#isClosed && this.#client === null; wait = Math.min(longestPauseMs, wait * 2)) {
      await delay(wait, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
      if (!this.#isClosed) await this.#open().catch(() => undefined);
    }
    if (this.#isClosed) {
      await this.#client?.end();
      this.#client = null;
    } else this.#tell({ kind: "unknown", subject: "", what: "" });
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const deadline = performance.now() + glimpseMs;
  for (;;) {
    const { rows } = await client.query<{ got: boolean }>(`select pg_try_advisory_lock(${presenceLock}) as got`);
    if (rows[0]?.got === true) return true;
    if (performance.now() > deadline) return false;
    await delay(pauseMs);
  }
}

async function inUse(client: Client, place: string): Promise<TemperError> {
  const { rows } = await client.query<{ name: string }>(
    `select distinct a.application_name as name from pg_stat_activity a join pg_locks l on l.pid = a.pid
     where l.locktype = 'advisory' and l.objid = ${presenceLock} and l.granted and a.pid <> pg_backend_pid() and a.datname = current_database()
     order by 1`,
  );
  const users = rows.map(({ name }) => name).join(", ");
  return new TemperError(
    "conflict",
    `The database ${place} is of an older version, and has to be brought to this one while nobody works with it. It is open in: ${users}. Nothing was changed. Stop them (jobs under way go on by themselves), then start this again.`,
    { place, users: rows.map(({ name }) => name) },
  );
}
