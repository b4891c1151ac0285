import { describeAction } from "../action/describe-action.ts";
import type { Action } from "../action/action.ts";
import type { PolicyView, Proposal } from "./policy.ts";
import type { Rng } from "./rng.ts";

/** A random untried action: the type first, then uniform within the type. Null when nothing is left. */
function drawRandom(view: PolicyView, rng: Rng): Action | null {
  for (const type of rng.shuffle(view.space.types)) {
    const action = view.space.sample(type, rng);
    if (action !== null) return atFidelity(action, view);
  }
  return null;
}

/** The action at the plan's fidelity, where that is still untried. */
function atFidelity(action: Action, view: PolicyView): Action {
  const wanted = { ...action, fidelity: view.plan.fidelity };
  return view.space.check(wanted).valid ? wanted : action;
}

/** A proposal of a random action. @param chosenBy name of the policy that asks. */
export function proposeRandom(view: PolicyView, rng: Rng, chosenBy: string): Proposal | null {
  const action = drawRandom(view, rng);
  if (action === null) return null;
  const { total, byType } = view.space.size();
  return {
    action,
    candidates: [{ action, value: null, prediction: null }],
    candidatesConsidered: total,
    shownOrder: null,
    mode: "random",
    reason: `Drawn at random: ${action.type} first of ${view.space.types.length} action types, then ${describeAction(action)} of ${byType[action.type] ?? 0} untried actions of that type.`,
    evidence: [],
    effects: [],
    next: [],
    chosenBy,
    notes: [],
  };
}
