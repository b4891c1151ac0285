import type { RunView } from "../conductor/run-view.ts";
import type { DiscoveryContext, RunDesk } from "./context.ts";
import type { DiscoveryStateValue, DiscoveryUpdate } from "./state.ts";

/**
 * Says what this stretch of the run is for. The planner is asked when its last answer has run out and when people
 * steered; in between its stored answer stands. A planner that would stop says so to people and the run goes on: the
 * budget is theirs to keep or to spend. The view was brought up to date just before, under the lock that lets one lane
 * decide at a time.
 */
export async function plan(context: DiscoveryContext, state: DiscoveryStateValue, signal?: AbortSignal): Promise<DiscoveryUpdate> {
  const desk = await context.desk(state.runId);
  if (isSpent(desk.view)) return { turn: "stop" };
  if (isDue(desk.view)) await renew(context, desk, 0, signal);
  return { turn: "go" };
}

/** Tells people that the fixed baselines come first, where nothing was planned yet. Under the same lock. */
export async function planBaselines(context: DiscoveryContext, runId: string, left: number): Promise<void> {
  const desk = await context.desk(runId);
  if (desk.view.plan.version === 0) await renew(context, desk, left);
}

/** Tells people what is left to do once the budget is spent. Under the same lock. */
export async function planConfirm(context: DiscoveryContext, runId: string): Promise<void> {
  const desk = await context.desk(runId);
  if (isSpent(desk.view) && desk.view.plan.phase !== "confirm") await renew(context, desk, 0);
}

async function renew(context: DiscoveryContext, { view, agents }: RunDesk, baselinesLeft: number, signal?: AbortSignal): Promise<void> {
  const previous = view.plan.version === 0 ? null : view.plan;
  const next = await agents.plan({ previous, baselinesLeft, experience: view.experience, view }, signal);
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
}

function isSpent({ budget }: RunView): boolean {
  return budget.trialsLeft === 0 || budget.steps?.left === 0;
}

/** A plan for the time before the first choice, or after the last one, says nothing of the next. */
function isDue({ plan: { phase, until }, decision, isSteered }: RunView): boolean {
  return isSteered || phase === "baselines" || phase === "confirm" || decision > until;
}
