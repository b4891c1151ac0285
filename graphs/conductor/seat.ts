import { fairShares } from "#src/budget/fair-shares.ts";
import type { ConductorSeat } from "#src/store/conductors.ts";
import type { Run, Store } from "#src/store/store.ts";
import { isHolderGone, type Holder } from "./holder.ts";
import { leaseTtlMs } from "./lease-keeper.ts";

/** What runs a conductor's jobs. Runs whose conductors name the same pool share its devices. */
export interface DevicePool {
  name: string;
  /** Jobs at once; null where an engine with a queue of its own decides. */
  capacity: number | null;
}

const renewMs = leaseTtlMs / 4;

/**
 * A conductor's place at a run: it says that it is there and how many lanes it could use, and learns how many it may
 * fill. A run's lanes are shared out among its conductors, and a pool's devices among the runs on it, by priority.
 */
export class Seat {
  readonly #store: Store;
  readonly #place: Pick<ConductorSeat, "runId" | "holder" | "pool" | "capacity">;
  readonly #nowMs: () => number;
  #told: ConductorSeat | null = null;
  /** Everybody's seats, as they were at the last look. */
  #seats: ConductorSeat[] | null = null;

  constructor(store: Store, { runId, holder, pool }: { runId: string; holder: Holder; pool: DevicePool }, nowMs: () => number) {
    this.#store = store;
    this.#place = { runId, holder, pool: pool.name, capacity: pool.capacity };
    this.#nowMs = nowMs;
  }

  /** Has the next question look who else is there. */
  look(): void {
    this.#seats = null;
  }

  /** Lanes that this conductor may fill now, with the others as they were at the last look. `demand` = those that it could. */
  async lanes(run: Run, demand: number): Promise<number> {
    const nowMs = Math.round(this.#nowMs());
    const own: ConductorSeat = { ...this.#place, demand, priority: run.config.priority, expiresAt: nowMs + leaseTtlMs };
    if (this.#isNews(own)) {
      await this.#store.conductors.report(own);
      this.#told = own;
      this.look();
    }
    this.#seats ??= await this.#store.conductors.list(nowMs);
    const seats = this.#seats.filter(({ holder }) => holder === own.holder || !isHolderGone(holder));
    const ofRun = seats.filter(({ runId }) => runId === own.runId);
    const lanes = part(run.config.executor.lanes, ofRun, own);
    if (own.capacity === null) return lanes;
    const onPool = ofRun.filter(({ pool }) => pool === own.pool);
    const share = fairShares(claimantsOf(seats, own.pool), own.capacity).get(own.runId);
    return share === undefined ? lanes : Math.min(lanes, part(share, onPool, own));
  }

  /** Gives the place up: the others take its lanes. */
  async leave(): Promise<void> {
    await this.#store.conductors.leave(this.#place.runId, this.#place.holder);
    this.#told = null;
  }

  #isNews(own: ConductorSeat): boolean {
    const told = this.#told;
    if (told === null || own.expiresAt - told.expiresAt >= renewMs) return true;
    return told.demand !== own.demand || told.priority !== own.priority;
  }
}

/** One conductor's part of `count` lanes: they differ by one at most, and add up. */
function part(count: number, seats: readonly ConductorSeat[], own: ConductorSeat): number {
  const place = Math.max(
    0,
    seats.findIndex(({ holder }) => holder === own.holder),
  );
  const total = Math.max(1, seats.length);
  return Math.floor(count / total) + Number(place < count % total);
}

/** The runs on a pool. Each wants what the most eager of its conductors does: that one knows of the whole run. */
function claimantsOf(seats: readonly ConductorSeat[], pool: string) {
  const claimants = new Map<string, { id: string; demand: number; weight: number }>();
  for (const { runId, demand, priority } of seats.filter((seat) => seat.pool === pool)) {
    const known = claimants.get(runId);
    claimants.set(runId, { id: runId, demand: Math.max(demand, known?.demand ?? 0), weight: priority });
  }
  return [...claimants.values()];
}
