import { actionTypeGroups, actionTypeNames, isOfType } from "../action/action.ts";
import type { Person } from "../approval/person.ts";
import { UserInputError } from "../errors.ts";
import { describeStanding } from "../service/standing-approval.ts";
import type { StandingApproval } from "../store/standing-approvals.ts";
import type { Run, Store } from "../store/store.ts";
import { propose } from "./propose.ts";
import type { Proposal } from "./proposal.ts";

interface Ask {
  /** `s2`, an action type or a group of them, or `everything`. */
  which: string;
  person: Person;
  now: Date;
}

/**
 * Takes yeses beforehand back, once an approver confirms it. By a kind of action, every yes that lets it through is meant.
 * @throws UserInputError with those that hold, when none of them is meant.
 */
export async function proposeRevokeStanding(store: Store, run: Run, { which, person, now }: Ask): Promise<Proposal> {
  const time = now.toISOString();
  const holding = (await store.standingApprovals.list(run.id)).filter(({ revokedAt, until }) => revokedAt === null && until > time);
  const meant = holding.filter((standing) => isMeant(standing, which, run.id));
  if (meant.length === 0) {
    const known = holding.map((standing) => `${standing.id} (${describeStanding(standing)})`).join(", ");
    const hint = known === "" ? "None holds." : `These hold: ${known}.`;
    throw new UserInputError(`No yes beforehand "${which}" holds in ${run.name}. ${hint}`, { which }, "not_found");
  }
  const standing = meant.map(({ id, actionType, deviceHours, until }) => ({ id, actionType, deviceHours, until }));
  return propose(store, { runId: run.id, body: { kind: "revoke-standing", standing }, person, now });
}

function isMeant({ id, actionType }: StandingApproval, which: string, runId: string): boolean {
  if (/^s\d+$/.test(which)) return id === `${runId}-${which}`;
  if (which === "everything") return true;
  const types = actionTypeNames.filter((type) => type === `merge_${which}` || isOfType(type, which));
  const isKnown = types.length > 0 || actionTypeGroups.some((group) => group === which);
  return isKnown && (actionType === null || actionType === which || types.some((type) => isOfType(type, actionType)));
}
