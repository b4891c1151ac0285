import type { Person } from "../approval/person.ts";
import { checkCancellable } from "../service/check-cancellable.ts";
import type { Run, Store } from "../store/store.ts";
import { propose } from "./propose.ts";
import type { Proposal } from "./proposal.ts";

/** Ends one trial, once somebody confirms it. @throws UserInputError when there is no such trial, or it is over. */
export async function proposeCancel(
  store: Store,
  run: Run,
  { trial, person, now }: { trial: number; person: Person; now: Date },
): Promise<Proposal> {
  await checkCancellable(store, run, trial);
  return propose(store, { runId: run.id, body: { kind: "cancel-trial", trial }, person, now });
}
