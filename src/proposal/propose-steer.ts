import type { Person } from "../approval/person.ts";
import { readWish } from "../service/steer.ts";
import type { Run, Store } from "../store/store.ts";
import { propose } from "./propose.ts";
import type { Proposal } from "./proposal.ts";

/**
 * Reads a wish, to be shown for confirmation.
 * @throws UserInputError with examples and what exists, when the words cannot be read.
 */
export async function proposeSteer(
  store: Store,
  run: Run,
  { text, person, now, timeZone = null }: { text: string; person: Person; now: Date; timeZone?: string | null },
): Promise<Proposal> {
  const wish = await readWish(store, run, text, timeZone);
  return propose(store, { runId: run.id, body: { kind: "steer", text: text.trim(), wish }, person, now });
}
