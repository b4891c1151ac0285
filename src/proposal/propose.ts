import type { Person } from "../approval/person.ts";
import { personKey } from "../approval/person-key.ts";
import { mayOperate } from "../approval/role.ts";
import { UserInputError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import type { Proposal, ProposalBody } from "./proposal.ts";

/** What waits longer than this was forgotten, and its estimate is stale. */
const hoursToConfirm = 24;

interface Ask {
  runId: string | null;
  body: ProposalBody;
  person: Person;
  now: Date;
}

/** Stores what somebody asked for; nothing changes before it is confirmed. @throws UserInputError for viewers. */
export async function propose(store: Store, { runId, body, person, now }: Ask): Promise<Proposal> {
  if (!mayOperate(person.role))
    throw new UserInputError(`${person.name} is ${person.role} and may look and ask. Changes take the role operator.`, {}, "not_allowed");
  return store.transaction(async (inside) => {
    const proposal = await inside.proposals.create({
      runId,
      body,
      author: personKey(person),
      authorName: person.name,
      expiresAt: new Date(now.getTime() + hoursToConfirm * 3_600_000).toISOString(),
    });
    if (runId !== null) {
      await inside.events.append({
        runId,
        kind: "proposal-make",
        actor: person.name,
        trial: null,
        text: `${person.name} asked for ${proposal.id}: ${body.kind}.`,
        fields: { proposal: proposal.id, body: body.kind },
      });
    }
    return proposal;
  });
}
