import type { Person } from "../approval/person.ts";
import { personKey } from "../approval/person-key.ts";
import { UserInputError } from "../errors.ts";
import type { Run, Store } from "../store/store.ts";
import { applyProposal } from "./apply-proposal.ts";
import { neededRole } from "./needed-role.ts";
import type { Proposal } from "./proposal.ts";

interface ProposalDecision {
  id: string;
  to: "confirmed" | "cancelled";
  /** Who pressed the button, with the role of this moment. */
  person: Person;
  now: Date;
}

/**
 * Confirms or cancels what somebody asked for, once: the database lets the first of several win, and what follows
 * happens in the same transaction. Who asked may cancel whatever their role.
 * @throws UserInputError when it is unknown, decided already (saying by whom), expired, or the role is too low.
 */
export async function decideProposal(store: Store, { id, to, person, now }: ProposalDecision): Promise<Proposal> {
  return store.transaction(async (inside) => {
    const proposal = await inside.proposals.find(id);
    if (proposal === null) throw new UserInputError(`There is no proposal ${id}.`, { proposal: id }, "not_found");
    const run = proposal.runId === null ? null : await inside.runs.find(proposal.runId);
    refuseUnlessAllowed(proposal, run, to, person);
    if (proposal.state === "pending" && proposal.expiresAt <= now.toISOString())
      throw new UserInputError(`Proposal ${id} expired at ${proposal.expiresAt}. Ask for it again.`, { proposal: id }, "conflict");
    const decided = await inside.proposals.decide(id, to, person.name);
    if (decided === null) throw new UserInputError(alreadyDecided(proposal), { proposal: id, state: proposal.state }, "conflict");
    const { runId, outcome } =
      to === "confirmed"
        ? await applyProposal(inside, { proposal, run, person, now })
        : { runId: proposal.runId, outcome: "nothing was changed" };
    await inside.proposals.setOutcome(id, runId, outcome);
    await inside.events.append({
      runId,
      kind: "proposal-decide",
      actor: person.name,
      trial: null,
      text: `${person.name} ${to} proposal ${id}: ${outcome}.`,
      fields: { proposal: id, state: to, role: person.role, person: personKey(person) },
    });
    return { ...decided, runId, outcome };
  });
}

function refuseUnlessAllowed(proposal: Proposal, run: Run | null, to: ProposalDecision["to"], person: Person): void {
  if (to === "cancelled" && personKey(person) === proposal.author) return;
  const needed = neededRole(proposal.body, run);
  if (needed.isEnough(person.role)) return;
  throw new UserInputError(
    `${person.name} is ${person.role} and may not decide proposal ${proposal.id}: it takes the role ${needed.role}.`,
    { proposal: proposal.id },
    "not_allowed",
  );
}

function alreadyDecided({ id, state, decidedBy, decidedAt }: Proposal): string {
  if (state === "expired") return `Proposal ${id} expired. Ask for it again.`;
  return `Proposal ${id} was ${state} by ${decidedBy ?? "somebody"} at ${decidedAt ?? "an unknown time"}.`;
}
