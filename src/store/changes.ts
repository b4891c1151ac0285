/**
 * Hears at once that something was stored, by this process or another. PostgreSQL tells (`LISTEN`/`NOTIFY`); on SQLite,
 * and while the connection is lost, nobody does, and whoever waits looks from time to time.
 */
export interface Changes {
  /** True while changes are told. */
  readonly isLive: boolean;
  /** Returns what takes the listener off. */
  subscribe(listener: (change: Change) => void): () => void;
}

export interface Change {
  /** `event` and `command`: a row of that kind was written; `lease`: one was given back; `unknown`: some may have been missed. */
  kind: "event" | "command" | "lease" | "unknown";
  /** The run; of a lease its resource; empty where there is none. */
  subject: string;
  /** Of an event its kind, such as `trial-end`; of a command its kind; else empty. */
  what: string;
}

/** Where nobody tells of changes. */
export const silentChanges: Changes = { isLive: false, subscribe: () => () => undefined };
