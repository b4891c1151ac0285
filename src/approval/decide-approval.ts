import { UserInputError } from "../errors.ts";
import type { Approval, Store } from "../store/store.ts";
import { describeSubject } from "./request-approval.ts";
import { mayDecide, type Role } from "./role.ts";
import { countYeses } from "./yeses.ts";

interface ApprovalDecision {
  id: string;
  /** The key that the person saw; compared when given, so that an old card cannot approve something else. */
  key?: string;
  to: "approved" | "rejected";
  /** Who decides, as people know them. */
  by: string;
  /** `platform:id`: tells people of one name apart. Left out = somebody at a terminal of the home. */
  person?: string;
  role: Role;
  /** Kept in memory; a rejection without one is fine. */
  reason: string | null;
  /** With it a yes that comes too late is not even noted; the database takes none anyway. */
  now?: Date;
}

/**
 * Decides an approval, once: the database lets the first of several win, and nobody after the time is up. A yes that is not enough by itself is kept, and
 * the approval comes back pending.
 * @throws UserInputError when it is unknown, decided already (saying by whom), asked for another key, or the role is too low.
 */
export async function decideApproval(store: Store, decision: ApprovalDecision): Promise<Approval> {
  return store.transaction(async (inside) => {
    const approval = await inside.approvals.find(decision.id);
    if (approval === null)
      throw new UserInputError(`There is no approval ${decision.id}. See temper status for those that wait.`, {}, "not_found");
    if (!mayDecide(decision.role)) {
      throw new UserInputError(
        `${decision.by} is ${decision.role} and may not decide approval ${decision.id}. Ask an approver or the owner.`,
        {},
        "not_allowed",
      );
    }
    if (decision.key !== undefined && decision.key !== approval.key) {
      throw new UserInputError(
        `Approval ${decision.id} is now about something else than what was shown. Look at it again before you decide.`,
        {},
        "conflict",
      );
    }
    const isLate = decision.now !== undefined && approval.expiresAt <= decision.now.toISOString();
    if (decision.to === "approved" && approval.state === "pending" && !isLate) {
      const waiting = await castYes(inside, approval, decision);
      if (waiting !== null) return waiting;
    }
    const decided = isLate ? null : await inside.approvals.decide(approval.id, approval.key, decision.to, decision.by, decision.reason);
    if (decided === null) throw new UserInputError(alreadyDecided(approval), { approval: approval.id, state: approval.state }, "conflict");
    await inside.events.append({
      runId: decided.runId,
      kind: "approval-decide",
      actor: decision.by,
      trial: decided.trial,
      text: `${decision.by} ${decision.to} ${describeSubject(decided)}${decision.reason === null ? "" : `: ${decision.reason}`}.`,
      fields: { approval: decided.id, key: decided.key, state: decided.state, role: decision.role, reason: decision.reason },
    });
    return decided;
  });
}

/** Notes a yes; the approval when others are still missing, null when it is enough. */
async function castYes(store: Store, approval: Approval, { by, person = `terminal:${by}` }: ApprovalDecision): Promise<Approval | null> {
  const run = await store.runs.find(approval.runId);
  if (run === null) return null;
  const isNew = await store.approvalVotes.add({ approval: approval.id, key: approval.key, person, name: by });
  const yeses = await countYeses(store, run, approval);
  if (yeses.enough) return null;
  if (isNew) {
    await store.events.append({
      runId: run.id,
      kind: "approval-vote",
      actor: by,
      trial: approval.trial,
      text: `${by} said yes to ${describeSubject(approval)}; ${yeses.missing}.`,
      fields: { approval: approval.id, key: approval.key },
    });
  }
  return approval;
}

function alreadyDecided({ id, state, decidedBy, decidedAt, expiresAt }: Approval): string {
  if (state === "expired" || state === "pending")
    return `Approval ${id} expired at ${state === "pending" ? expiresAt : (decidedAt ?? "its time")}. If the action is still wanted, the run asks again.`;
  return `Approval ${id} was ${state} by ${decidedBy ?? "somebody"} at ${decidedAt ?? "an unknown time"}.`;
}
