import type { Prediction } from "../policy/policy.ts";
import type { Decision, Trial } from "../store/store.ts";
import { isAsChosen } from "./is-as-chosen.ts";

/** What was predicted of a trial's action; null without, and once a person has changed the action. */
export function predictionOf(trial: Pick<Trial, "action">, decision: Decision | null): Prediction | null {
  return decision !== null && isAsChosen(trial, decision) ? (decision.proposal.candidates[0]?.prediction ?? null) : null;
}
