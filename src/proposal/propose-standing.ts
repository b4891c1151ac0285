import type { Person } from "../approval/person.ts";
import { parseStanding } from "../service/standing-approval.ts";
import type { Run, Store } from "../store/store.ts";
import { propose } from "./propose.ts";
import type { Proposal } from "./proposal.ts";

/**
 * A yes beforehand, such as `sft up to 5 device-hours until 2026-12-01`, to be confirmed by an approver.
 * @throws UserInputError with an example, when the words cannot be read.
 */
export async function proposeStanding(
  store: Store,
  run: Run,
  { text, person, now }: { text: string; person: Person; now: Date },
): Promise<Proposal> {
  return propose(store, { runId: run.id, body: { kind: "standing", ...parseStanding(text, run, now) }, person, now });
}
