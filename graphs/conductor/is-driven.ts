import type { Run, Store } from "#src/store/store.ts";
import { isHolderGone } from "./holder.ts";

/** Whether a conductor that may still live follows the run. One on another host counts until its seat runs out. */
export async function isDriven(store: Store, runId: Run["id"], now: Date): Promise<boolean> {
  const seats = await store.conductors.list(now.getTime());
  return seats.some((seat) => seat.runId === runId && !isHolderGone(seat.holder));
}
