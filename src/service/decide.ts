import { decideApproval } from "../approval/decide-approval.ts";
import type { Role } from "../approval/role.ts";
import { UserInputError } from "../errors.ts";
import type { Approval, Run, Store } from "../store/store.ts";

interface Decision {
  /** An approval's id, its short form `a3`, a trial's number, or a batch such as `baselines`; left out = the only one that waits. */
  which?: string;
  to: "approved" | "rejected";
  by: string;
  /** `platform:id`; left out = somebody at a terminal of the home. */
  person?: string;
  role: Role;
  reason: string | null;
  /** See `decideApproval`. */
  now?: Date;
}

/**
 * Approves or rejects what waits for people in a run, named as people name it.
 * @throws UserInputError when nothing waits under that name, or several do.
 */
export async function decide(store: Store, run: Pick<Run, "id" | "name">, { which, ...decision }: Decision): Promise<Approval> {
  const approval = which === undefined ? await onlyPending(store, run) : await findApproval(store, run, which);
  return decideApproval(store, { id: approval.id, key: approval.key, ...decision });
}

async function onlyPending(store: Store, run: Pick<Run, "id" | "name">): Promise<Approval> {
  const pending = await store.approvals.list(run.id, "pending");
  const [only, ...others] = pending;
  if (only === undefined) throw new UserInputError(`Nothing waits for an approval in ${run.name}.`, {}, "not_found");
  if (others.length === 0) return only;
  const ids = pending.map((approval) => approval.id).join(", ");
  throw new UserInputError(`${pending.length} approvals wait in ${run.name}: ${ids}. Say which one.`, { ids });
}

async function findApproval(store: Store, run: Pick<Run, "id" | "name">, which: string): Promise<Approval> {
  const all = (await store.approvals.list(run.id)).toReversed();
  const matching = all.filter(
    (approval) =>
      approval.id === which ||
      approval.id === `${run.id}-${which}` ||
      approval.batch === which ||
      String(approval.trial) === which.replace(/^(trial\s*|#)/, ""),
  );
  const found = matching.find((approval) => approval.state === "pending") ?? matching[0];
  if (found !== undefined) return found;
  const waiting = all.filter((approval) => approval.state === "pending").map((approval) => approval.id);
  const hint = waiting.length === 0 ? "Nothing waits." : `Waiting: ${waiting.join(", ")}.`;
  throw new UserInputError(`${run.name} has no approval "${which}". ${hint}`, { which }, "not_found");
}
