import { exceeds } from "../budget/why-ask.ts";
import type { Approval, Run, Store } from "../store/store.ts";

/** Whether the yeses so far are enough, and what is missing in words. */
export type Yeses = { enough: true } | { enough: false; missing: string };

/** `platform:id` of who asked for a run; null where that is not on record. */
export async function requesterOf(store: Store, runId: string): Promise<string | null> {
  const [first] = await store.events.list(runId, 0, 1);
  const requester = first?.kind === "run-create" ? first.fields["requester"] : undefined;
  return typeof requester === "string" ? requester : null;
}

/** Above the second threshold two people have to say yes; who asked for the run may not be the only one where the owner says so. */
export async function countYeses(store: Store, run: Run, approval: Approval): Promise<Yeses> {
  const votes = (await store.approvalVotes.list(approval.id)).filter(({ key }) => key === approval.key);
  const { two_approvers_over: second, requester_may_approve_alone: mayAlone } = run.config.approval;
  const needed = second !== undefined && exceeds(second, approval.estimate) !== null ? 2 : 1;
  if (votes.length < needed) {
    const names = votes.map(({ name }) => name).join(" and ");
    return { enough: false, missing: `it takes ${needed} people; ${names === "" ? "nobody" : names} said yes so far` };
  }
  if (mayAlone) return { enough: true };
  const requester = await requesterOf(store, run.id);
  if (votes.some(({ person }) => person !== requester)) return { enough: true };
  return { enough: false, missing: "who asked for the run may not be the only one to approve; somebody else has to say yes too" };
}
