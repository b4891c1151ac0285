import { canonicalAction } from "../action/canonical-action.ts";
import { canonicalJson } from "../action/canonical-json.ts";
import type { Decision, Trial } from "../store/store.ts";

/** Whether a trial does what was chosen for it; false once a person has changed the action. */
export function isAsChosen({ action }: Pick<Trial, "action">, { proposal }: Decision): boolean {
  return canonicalJson(canonicalAction(proposal.action)) === canonicalJson(canonicalAction(action));
}
