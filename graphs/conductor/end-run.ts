import { cancelApprovals } from "#src/approval/cancel-approvals.ts";
import type { Store } from "#src/store/store.ts";
import type { RunView } from "./run-view.ts";

/** Ends a run, with its open questions, unless somebody else has ended it. */
export async function endRun(store: Store, view: RunView, state: "stopped" | "finished" | "failed", reason: string): Promise<void> {
  const { runId } = view;
  await store.transaction(async (inside) => {
    const isOurs = await inside.runs.setState(runId, ["running", "stopping", "paused"], state, reason);
    if (!isOurs) return;
    await cancelApprovals(inside, { runId, by: "conductor", reason: `the run ${state}` });
    await inside.events.append({
      runId,
      kind: "run-end",
      actor: "conductor",
      trial: null,
      text: `The run ${state}: ${reason}.`,
      fields: { state, trials: view.budget.trialsDone },
    });
  });
  await view.refresh();
}
