import type { Person } from "../approval/person.ts";
import { UserInputError } from "../errors.ts";
import type { Run, Store } from "../store/store.ts";
import { propose } from "./propose.ts";
import type { Proposal } from "./proposal.ts";

/** Takes a wish back, once somebody confirms it. @throws UserInputError when no such wish holds. */
export async function proposeForget(
  store: Store,
  run: Run,
  { directive, person, now }: { directive: number; person: Person; now: Date },
): Promise<Proposal> {
  const known = (await store.directives.list(run.id)).find(({ id, revokedAt }) => id === directive && revokedAt === null);
  if (known === undefined) throw new UserInputError(`No wish ${directive} holds in ${run.name}.`, { id: directive }, "not_found");
  return propose(store, { runId: run.id, body: { kind: "forget", directive }, person, now });
}
