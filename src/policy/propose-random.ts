import { describeAction } from "../action/describe-action.ts";
import type { Action } from "../action/action.ts";
import { describeBelowBase, drawsAboveBase, parentsBelowBase } from "./below-base.ts";
import type { PolicyView, Proposal } from "./policy.ts";
import { drawsWithPreference, hasPreferences, mostPreferred } from "./preferred.ts";
import type { Rng } from "./rng.ts";

/** A draw that builds on no model below its base, where one of many draws does; else the last. */
function drawSound(view: PolicyView, rng: Rng): Action | null {
  let action = drawAny(view, rng);
  for (let draw = 1; draw < drawsAboveBase && action !== null; draw++) {
    if (parentsBelowBase(action, view).length === 0) break;
    action = drawAny(view, rng);
  }
  return action;
}

/** One draw; where people prefer something the one of several that meets most of their wishes. */
function drawAny(view: PolicyView, rng: Rng): Action | null {
  if (!hasPreferences(view.directives)) return drawRandom(view, rng);
  const draws = Array.from({ length: drawsWithPreference }, () => drawRandom(view, rng)).filter((action) => action !== null);
  return mostPreferred(draws, view.directives);
}

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
  const action = drawSound(view, rng);
  if (action === null) return null;
  const below = parentsBelowBase(action, view);
  const although = below.length === 0 ? "" : ` ${describeBelowBase(below, view)}, as in each of ${drawsAboveBase} draws.`;
  const { total, byType } = view.space.size();
  return {
    action,
    candidates: [{ action, value: null, prediction: null }],
    candidatesConsidered: total,
    shownOrder: null,
    mode: "random",
    reason: `Drawn at random: ${action.type} first of ${view.space.types.length} action types, then ${describeAction(action)} of ${byType[action.type] ?? 0} untried actions of that type.${although}`,
    evidence: [],
    effects: [],
    next: [],
    chosenBy,
    notes: [],
  };
}
