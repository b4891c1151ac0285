import type { RunView } from "../conductor/run-view.ts";
import type { DiscoveryContext } from "./context.ts";
import type { DiscoveryStateValue, DiscoveryUpdate } from "./state.ts";

/**
 * Says what this stretch of the run is for. The planner is asked when its last answer has run out and when people
 * steered; in between its stored answer stands. A planner that would stop says so to people and the run goes on: the
 * budget is theirs to keep or to spend. The view was brought up to date just before, under the lock that lets one lane
 * decide at a time.
 */
export async function plan(context: DiscoveryContext, state: DiscoveryStateValue, signal?: AbortSignal): Promise<DiscoveryUpdate> {
  const { view, agents } = await context.desk(state.runId);
  if (view.budget.trialsLeft === 0 || view.budget.steps?.left === 0) return { turn: "stop" };
  if (!isDue(view)) return { turn: "go" };
  const previous = view.plan.version === 0 ? null : view.plan;
  const next = await agents.plan({ previous, baselinesLeft: 0, experience: view.experience, view }, signal);
  await context.store.transaction(async (store) => {
    await store.plans.add(view.runId, next);
    await store.events.append({
      runId: view.runId,
      kind: next.phase === "stop" ? "plan-advise-stop" : "plan-renew",
      actor: next.by === "rules" ? "planner" : `planner ${next.by}`,
      trial: null,
      text: next.focus,
      fields: { version: next.version, phase: next.phase, until: next.until },
    });
  });
  view.plan = next;
  view.isSteered = false;
  return { turn: "go" };
}

function isDue(view: RunView): boolean {
  return view.isSteered || view.plan.version === 0 || view.decision > view.plan.until;
}
