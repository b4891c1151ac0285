import type { Action } from "#src/action/action.ts";
import { canonicalAction } from "#src/action/canonical-action.ts";
import { canonicalJson } from "#src/action/canonical-json.ts";
import type { Proposal } from "#src/policy/policy.ts";

/** Kind of the note on a model's choice that is not the optimiser's first; that one then stands second in the record. */
export const departureNote = "llm-depart";

/** The same for every way to write an action. */
export function nameOf(action: Action): string {
  return canonicalJson(canonicalAction(action));
}

/**
 * Whether a stored proposal departed from the optimiser's first choice. Records older than the note are read by their
 * order: the optimiser ranks by falling value, so a choice before a better one, or one without a value, is the model's own.
 */
export function isDeparture({ chosenBy, candidates: [chosen, second], notes }: Proposal): boolean {
  if (chosenBy !== "llm" || chosen === undefined || second === undefined) return false;
  if (notes.some(({ kind }) => kind === departureNote)) return true;
  if (chosen.value === null) return nameOf(chosen.action) !== nameOf(second.action);
  return second.value !== null && second.value > chosen.value;
}
