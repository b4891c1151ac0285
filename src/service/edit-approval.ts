import { actionTypes } from "../action/action-types.ts";
import type { Action, Setting } from "../action/action.ts";
import { canonicalAction, canonicalSetting } from "../action/canonical-action.ts";
import { ChoiceSpace } from "../action/choice-space.ts";
import { describeAction } from "../action/describe-action.ts";
import { actionKey } from "../action/key.ts";
import { mayDecide, type Role } from "../approval/role.ts";
import { didYouMean } from "../config/did-you-mean.ts";
import { UserInputError } from "../errors.ts";
import type { Directive } from "../memory/directive.ts";
import type { PoolDataset, PoolModel } from "../pool/objects.ts";
import type { Approval, Run, Store, Trial } from "../store/store.ts";

/** A person's change of what is asked about: hyper-parameters by name, as text, and the objects of its slots, by id. */
export interface ApprovalEdit {
  id: string;
  /** The key that the person saw. */
  key: string;
  changes: Readonly<Record<string, string>>;
  /** What it is made of instead; left out = as it was. */
  models?: readonly string[];
  datasets?: readonly string[];
  by: string;
  role: Role;
}

type SpacedRun = Pick<Run, "id" | "name" | "config">;

interface Pool {
  models: PoolModel[];
  datasets: PoolDataset[];
  directives: Directive[];
}

const conflict = (message: string) => new UserInputError(message, {}, "conflict");

function byId<T extends { id: string }>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((object) => [object.id, object]));
}

/** A value as people write it: a number, numbers with commas between, true, false, null or a word. */
function readValue(text: string): unknown {
  const trimmed = text.trim();
  if (/^(true|false|null)$/.test(trimmed)) return { true: true, false: false, null: null }[trimmed];
  const parts = trimmed.split(",").map((part) => part.trim());
  if (parts.length > 1 && parts.every((part) => part !== "" && Number.isFinite(Number(part)))) return parts.map(Number);
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}

/** The setting with the changes in it. @throws UserInputError when a name or a value does not fit the action type. */
function changedSetting({ type, setting }: Action, changes: ApprovalEdit["changes"]): Setting {
  const known = Object.keys(setting);
  for (const name of Object.keys(changes)) {
    if (!known.includes(name)) throw new UserInputError(`${type} has no setting "${name}".${didYouMean(name, known)}`, { name });
  }
  const values = Object.fromEntries(Object.entries(changes).map(([name, text]) => [name, readValue(text)]));
  const parsed = actionTypes[type].settingSchema.safeParse({ ...setting, ...values });
  if (parsed.success) return canonicalSetting(parsed.data);
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new UserInputError(`That setting cannot be: ${issues.join("; ")}.`, { ...values });
}

async function editable(store: Store, { id, key, by, role }: ApprovalEdit): Promise<{ approval: Approval; trial: Trial }> {
  if (!mayDecide(role))
    throw new UserInputError(`${by} is ${role} and may not change approval ${id}. Ask an approver or the owner.`, {}, "not_allowed");
  const approval = await store.approvals.find(id);
  if (approval === null) throw new UserInputError(`There is no approval ${id}.`, { id }, "not_found");
  if (approval.state !== "pending")
    throw conflict(`Approval ${id} was ${approval.state} by ${approval.decidedBy ?? "somebody"}; it cannot be changed any more.`);
  if (approval.key !== key) throw conflict(`Approval ${id} is now about something else than what was shown. Look at it again.`);
  const trial = approval.trial === null ? null : await store.trials.find(approval.runId, approval.trial);
  if (trial === null) throw new UserInputError(`Approval ${id} is about a batch, which is approved or rejected as it is.`, { id });
  if (approval.key !== trial.key)
    throw new UserInputError(`Approval ${id} is about more time for trial ${trial.number}, which cannot be changed.`, { id });
  return { approval, trial };
}

/** The changed action. @throws UserInputError with the reason, when the run's space does not hold it. */
function changedAction(run: SpacedRun, { action }: Trial, edit: ApprovalEdit, pool: Pool): Action {
  const { models = action.models, datasets = action.datasets } = edit;
  const changed = canonicalAction({
    ...action,
    models: [...models],
    datasets: [...datasets],
    setting: changedSetting(action, edit.changes),
  });
  const space = new ChoiceSpace(run.config);
  for (const model of pool.models) space.addModel(model);
  for (const dataset of pool.datasets) space.addDataset(dataset);
  space.setDirectives(pool.directives);
  const fit = space.fits(changed);
  if (fit.valid) return changed;
  throw new UserInputError(`That cannot be: ${fit.reason}.`, { action: describeAction(changed) });
}

async function poolOf(store: Store, runId: string): Promise<Pool> {
  const [made, datasets] = [await store.objects.models(runId), await store.objects.datasets(runId)];
  // Repeats and confirmations measure what luck does; to build on them would be choosing luck.
  const lucky = new Set(
    [...(await store.trials.ofKind(runId, "repeat")), ...(await store.trials.ofKind(runId, "confirm"))].map(({ model }) => model),
  );
  const models = made.filter(({ id }) => !lucky.has(id));
  const directives = (await store.directives.list(runId)).filter(({ revokedAt }) => revokedAt === null);
  return { models, datasets, directives };
}

/**
 * Changes the action that an approval asks about. The changed action has a key of its own, so the question is taken back
 * and the run asks anew, with a new estimate.
 * @returns the trial as it is now.
 * @throws UserInputError when the change does not fit, was tried before, or the role does not allow it.
 */
export async function editApproval(store: Store, run: SpacedRun, edit: ApprovalEdit): Promise<Trial> {
  return store.transaction(async (inside) => {
    const { approval, trial } = await editable(inside, edit);
    const pool = await poolOf(inside, run.id);
    const action = changedAction(run, trial, edit, pool);
    const key = actionKey(action, { models: byId(pool.models), datasets: byId(pool.datasets) });
    if (key === trial.key) throw new UserInputError("That is what is asked already: nothing was changed.", {});
    const twin = await inside.trials.findKey(run.id, key);
    if (twin !== null) throw conflict(`Trial ${twin.number} is that already (${twin.state}): change something else, or reject this one.`);
    const text = `${describeAction(trial.action)} → ${describeAction(action)}`;
    if ((await inside.approvals.decide(approval.id, approval.key, "cancelled", edit.by, `changed: ${text}`)) === null)
      throw conflict(`Approval ${approval.id} was decided in the meantime.`);
    await inside.trials.replaceAction(run.id, trial.number, action, key);
    await inside.events.append({
      runId: run.id,
      kind: "approval-edit",
      actor: edit.by,
      trial: trial.number,
      text: `${edit.by} changed trial ${trial.number}: ${text}. The run asks again.`,
      fields: { approval: approval.id, before: trial.key, after: key },
    });
    return { ...trial, action, key };
  });
}
