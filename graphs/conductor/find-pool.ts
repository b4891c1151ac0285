import { hostname } from "node:os";
import type { Store } from "#src/store/store.ts";
import type { Executor } from "#tools/executors/executor.ts";
import type { DevicePool } from "./seat.ts";

/** What an executor's jobs run on: this host's device slots, or an engine that queues by itself. */
export async function findPool(store: Store, { kind, device }: Executor): Promise<DevicePool> {
  if (kind !== "local") return { name: kind, capacity: null };
  const slots = await store.devices.count();
  const own = slots.find((slot) => slot.host === hostname() && slot.kind === device.kind);
  return { name: `local:${hostname()}`, capacity: own === undefined ? null : Math.floor(own.total / device.perJob) };
}
