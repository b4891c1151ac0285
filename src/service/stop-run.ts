import { cancelApprovals } from "../approval/cancel-approvals.ts";
import type { Run, Store } from "../store/store.ts";
import { changeState } from "./change-state.ts";

/**
 * Ends a run. It stays `stopping` until the conductor has seen to what is under way: finished, or with `now`
 * cancelled. Open approvals are taken back, since nothing new is started.
 */
export async function stopRun(
  store: Store,
  run: Pick<Run, "id" | "name">,
  { now, author }: { now: boolean; author: string },
): Promise<void> {
  const text = now ? `stopped at once by ${author}` : `stopped by ${author}; trials under way are finished`;
  await store.transaction(async (inside) => {
    await changeState(inside, run, {
      control: "stop",
      to: "stopping",
      command: now ? "stop-now" : "stop",
      author,
      text,
    });
    await cancelApprovals(inside, { runId: run.id, by: author, reason: "the run was stopped" });
  });
}
