import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "#src/store/store.ts";
import { isHolderGone, type Holder } from "./holder.ts";
import { Turns } from "./turns.ts";

/** How long a lease lives without a heartbeat. A dead process of the same host is noticed at once; this is for other hosts. */
export const leaseTtlMs = 60_000;
const heartbeatMs = leaseTtlMs / 4;
const lockPollMs = 15;
/** Where it is told that a lock is free, polling is there only for one whose holder died. */
const toldLockPollMs = 500;

/**
 * One conductor's leases: taken, kept alive by a heartbeat, given back. A trial that another live conductor holds
 * is left alone; what a dead one held is taken over.
 */
export class LeaseKeeper {
  readonly holder: Holder;
  readonly #store: Store;
  readonly #nowMs: () => number;
  readonly #turns = new Turns();
  #heartbeat: NodeJS.Timeout | null = null;

  constructor(store: Store, holder: Holder, nowMs: () => number) {
    this.#store = store;
    this.holder = holder;
    this.#nowMs = nowMs;
  }

  /** Starts the heartbeat. `onError` hears of a renewal that failed; leases then run out by themselves. */
  start(onError: (error: unknown) => void): void {
    this.#heartbeat ??= setInterval(() => {
      this.#store.leases.renew(this.holder, leaseTtlMs, this.#nowMs()).catch(onError);
    }, heartbeatMs);
    this.#heartbeat.unref();
  }

  stop(): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
  }

  /** True when the resource is ours now. */
  async acquire(resource: string): Promise<boolean> {
    if (await this.#store.leases.acquire(resource, this.holder, leaseTtlMs, this.#nowMs())) return true;
    const lease = await this.#store.leases.find(resource);
    if (lease === null || lease.holder === this.holder || !isHolderGone(lease.holder)) return false;
    await this.#store.leases.release(resource, lease.holder);
    return this.#store.leases.acquire(resource, this.holder, leaseTtlMs, this.#nowMs());
  }

  async release(resource: string): Promise<void> {
    await this.#store.leases.release(resource, this.holder);
  }

  /** Runs `work` while nobody else, in this process or another, does the same under this name. */
  exclusively<T>(resource: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.take(resource, () => this.#withLease(resource, work));
  }

  async #withLease<T>(resource: string, work: () => Promise<T>): Promise<T> {
    if (!(await this.acquire(resource))) await this.#await(resource);
    try {
      return await work();
    } finally {
      await this.release(resource);
    }
  }

  /** Acquires what somebody else holds as soon as it is free. */
  async #await(resource: string): Promise<void> {
    const { changes } = this.#store;
    let freed = Promise.withResolvers<void>();
    const unsubscribe = changes.subscribe(({ kind, subject }) => {
      if (kind === "unknown" || (kind === "lease" && subject === resource)) freed.resolve();
    });
    try {
      while (!(await this.acquire(resource))) {
        const timer = new AbortController();
        const tick = sleep(changes.isLive ? toldLockPollMs : lockPollMs, undefined, { signal: timer.signal }).catch(() => undefined);
        await Promise.race([freed.promise, tick]);
        timer.abort();
        freed = Promise.withResolvers<void>();
      }
    } finally {
      unsubscribe();
    }
  }
}
