import { type Action, isMerge } from "../../action/action.ts";
import type { PolicyView } from "../policy.ts";
import { countPreferences } from "../preferred.ts";
import type { Evidence } from "./evidence.ts";

/** What `prefer` adds to a value: about one standard deviation of training noise, so it tips what is close. */
const preferBonus = 0.03;
/** What the plan's phase adds to the kind of action that it is about. */
const phaseBonus = 0.02;
/** What a certain failure would cost: it takes a trial and teaches little. */
const failureCost = 0.2;

/** What people's directives, the plan's phase and past failures add to a candidate's value. */
export function wishFor(action: Action, view: PolicyView, evidence: Evidence): number {
  let bonus = preferBonus * countPreferences(action, view.directives) - failureCost * evidence.failureRate(action);
  if (view.plan.phase === "combine" && isMerge(action.type)) bonus += phaseBonus;
  if (view.plan.phase === "explore" && action.datasets.length === 1 && !evidence.isKnown(action)) bonus += phaseBonus;
  return bonus;
}
