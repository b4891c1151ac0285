import { isOfType } from "../action/action.ts";
import { describeSubject } from "../approval/request-approval.ts";
import { exceeds } from "../budget/why-ask.ts";
import type { StandingApproval } from "../store/standing-approvals.ts";
import type { Approval, Run, Store } from "../store/store.ts";

/** How the reason of a question starts that a yes beforehand has answered: its job runs under that yes, not under the question. */
export const answeredBeforehand = "answered beforehand";

/**
 * Answers the open questions about single trials that a yes beforehand covers, the oldest first, as far as its amount
 * reaches: each is taken back, and its trial goes on under the yes. To be called in the transaction that gives it.
 * @returns those that it answered.
 */
export async function answerBeforehand(store: Store, run: Run, standing: StandingApproval): Promise<Approval[]> {
  const answered: Approval[] = [];
  let left = standing.deviceHours;
  for (const question of await store.approvals.list(run.id, "pending")) {
    const { deviceHoursP90 } = question.estimate;
    if (deviceHoursP90 > left || !(await covers(store, run, { standing, question }))) continue;
    const reason = `${answeredBeforehand}, by ${standing.id}`;
    const decided = await store.approvals.decide(question.id, question.key, "cancelled", standing.author, reason);
    if (decided === null) continue;
    left -= deviceHoursP90;
    answered.push(decided);
    await store.events.append({
      runId: run.id,
      kind: "approval-decide",
      actor: standing.author,
      trial: decided.trial,
      text: `${standing.author}'s yes beforehand (${standing.id}) answers ${decided.id} for ${describeSubject(decided)}.`,
      fields: { approval: decided.id, key: decided.key, state: decided.state, standing: standing.id },
    });
  }
  return answered;
}

/** A chosen trial of its kind, asked about as it stands now, that one person may approve. */
async function covers(
  store: Store,
  run: Run,
  { standing, question }: { standing: StandingApproval; question: Approval },
): Promise<boolean> {
  const { trial: number, key, estimate } = question;
  const trial = number === null ? null : await store.trials.find(run.id, number);
  if (trial === null || trial.kind !== "chosen" || trial.key !== key) return false;
  const second = run.config.approval.two_approvers_over;
  if (second !== undefined && exceeds(second, estimate) !== null) return false;
  return standing.actionType === null || isOfType(trial.action.type, standing.actionType);
}
