import type { DiscoveryContext } from "../discovery/context.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import type { DevicePool } from "./seat.ts";
import type { TrialThreads } from "./trial-threads.ts";

/** What a `RunDriver` stands on. */
export interface DriverDeps {
  context: DiscoveryContext;
  leases: LeaseKeeper;
  threads: TrialThreads;
  /** What the jobs run on. */
  pool: DevicePool;
  /** How often commands, approvals and other conductors are looked at while lanes are busy. */
  pollMs: number;
}
