import type { Person } from "../approval/person.ts";
import { type Control, controlStates, refusedControl } from "../service/control-states.ts";
import type { Run, Store } from "../store/store.ts";
import { propose } from "./propose.ts";
import type { Proposal } from "./proposal.ts";

/** Pauses, resumes or stops a run, once somebody confirms it. @throws UserInputError when the run in its state cannot. */
export async function proposeControl(
  store: Store,
  run: Run,
  { to, person, now }: { to: Control; person: Person; now: Date },
): Promise<Proposal> {
  if (!controlStates[to].includes(run.state)) throw refusedControl(to, run);
  return propose(store, { runId: run.id, body: { kind: "control", to }, person, now });
}
