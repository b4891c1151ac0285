import { setTimeout as delay } from "node:timers/promises";
import { DatabaseError } from "pg";
import { EnvironmentError } from "../errors.ts";

/** The connection broke; `cause` says how. What was asked for did not happen, unless its sender finds out otherwise. */
export class ConnectionLoss extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "ConnectionLoss";
  }
}

/** The server was out of reach for longer than it is waited for. Whoever works on something leaves it as it is: it is no fault of the work. */
export class DatabaseGoneError extends EnvironmentError {}

/** SQLSTATEs of a server that goes, comes, or has become a standby: class 08, shutdowns, read-only, too many connections. */
const passingStates = /^(08...|57P0[1-3]|25006|53300)$/;
const networkCodes = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"]);
/** What pg says without a code of its own. */
const pgWords =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout)/;

/** True for an error that says nothing of the question, only that the server could not be reached or went away. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof ConnectionLoss) return true;
  if (error instanceof DatabaseError) return passingStates.test(error.code ?? "");
  return ("code" in error && networkCodes.has(String(error.code))) || pgWords.test(error.message);
}

const firstPauseMs = 50;
const longestPauseMs = 2000;

/**
 * Does `work` again while the server is out of reach, for at most `patienceMs`: long enough for a restart or a failover.
 * @throws DatabaseGoneError after that.
 */
export async function outliveLosses<T>(place: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  let deadline: number | null = null;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      deadline ??= performance.now() + patienceMs;
      if (performance.now() + pauseMs > deadline) throw gone(place, patienceMs, error);
    }
    await delay(pauseMs);
  }
}

function gone(place: string, patienceMs: number, cause: unknown): DatabaseGoneError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const text = `PostgreSQL at ${place} was out of reach for ${Math.round(patienceMs / 1000)} s (${why}). Nothing that was stored is lost. Start it, or check the network; then start again: jobs under way are taken up.`;
  return new DatabaseGoneError(text, { place }, { cause });
}
