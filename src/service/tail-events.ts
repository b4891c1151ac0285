import { setTimeout as delay } from "node:timers/promises";
import type { Store, TemperEvent } from "../store/store.ts";

interface TailOptions {
  /** Events after this one; 0 for all. */
  afterId?: number;
  /** How often the database is asked. */
  intervalMs?: number;
  signal: AbortSignal;
}

const pageSize = 200;

/** A run's events as they come, in order and without a gap, until the signal says to stop. */
export async function* tailEvents(
  store: Store,
  runId: string,
  { afterId = 0, intervalMs = 500, signal }: TailOptions,
): AsyncGenerator<TemperEvent> {
  let last = afterId;
  while (!signal.aborted) {
    const page = await store.events.list(runId, last, pageSize);
    for (const event of page) {
      last = event.id;
      yield event;
    }
    if (page.length < pageSize) await delay(intervalMs, undefined, { signal }).catch(() => {});
  }
}
