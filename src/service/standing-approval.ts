import { actionTypeGroups, actionTypeNames } from "../action/action.ts";
import { mayDecide, type Role } from "../approval/role.ts";
import { formatDeviceHours } from "../budget/format-amount.ts";
import { didYouMean } from "../config/did-you-mean.ts";
import { UserInputError } from "../errors.ts";
import type { StandingApproval } from "../store/standing-approvals.ts";
import type { Approval, Run, Store } from "../store/store.ts";
import { answerBeforehand } from "./answer-beforehand.ts";

/** A yes beforehand: to which kind, up to how much in all, until when. */
export interface StandingWish {
  actionType: string | null;
  deviceHours: number;
  /** ISO time. */
  until: string;
}

const form =
  /^(?:(?:approve|allow)\s+)?(?:all\s+|every\s+|any\s+)?(\S+?)s?\s+up\s+to\s+([\d.]+)\s*(?:device-?\s?hours?|gpu-?\s?hours?|hours?|h)\s+(?:until|till)\s+(\S+(?:\s+\d{1,2}:\d{2})?)$/i;
const example = '"sft up to 5 device-hours until 2026-12-01"';

/**
 * Reads `sft up to 5 device-hours until 2026-12-01`; `everything` and `all` stand for any action type.
 * @throws UserInputError with an example and what the run has.
 */
export function parseStanding(text: string, run: Pick<Run, "config" | "name">, now: Date): StandingWish {
  const found = form.exec(text.trim().replace(/[.!]$/, ""));
  if (found === null) throw new UserInputError(`"${text.trim()}" is no standing approval that I can read. Example: ${example}.`, { text });
  const [, kind = "", amount, time = ""] = found;
  const types = [...actionTypeNames.filter((type) => run.config.actions[type] !== undefined), ...actionTypeGroups];
  const known: readonly string[] = types;
  const name = kind.toLowerCase();
  const isAny = /^(all|everything|anything|any|training)$/.test(name);
  const actionType = isAny ? null : (known.find((type) => type === name || type === `merge_${name}`) ?? undefined);
  if (actionType === undefined)
    throw new UserInputError(
      `${run.name} has no action type "${kind}".${didYouMean(name, known)} Or say everything. Example: ${example}.`,
      { kind },
    );
  const deviceHours = Number(amount);
  const until = new Date(/\d{1,2}:\d{2}$/.test(time) ? time.replace(/\s+/, "T") : time);
  if (!(deviceHours > 0)) throw new UserInputError(`"${amount}" is no amount of device-hours. Example: ${example}.`, { amount });
  if (Number.isNaN(until.getTime()) || until <= now)
    throw new UserInputError(`"${time}" is no time that is still to come. Example: ${example}.`, { time });
  return { actionType, deviceHours, until: until.toISOString() };
}

/** `sft up to 5.0 device-hours until 2026-12-01 00:00 UTC`. */
export function describeStanding({ actionType, deviceHours, until }: StandingWish): string {
  return `${actionType ?? "everything"} up to ${formatDeviceHours(deviceHours)} until ${until.slice(0, 16).replace("T", " ")} UTC`;
}

/** A yes beforehand that was given, with the open questions that it answered at once. */
export interface GivenStanding extends StandingApproval {
  answered: Approval[];
}

/**
 * Gives a yes beforehand; it answers the open questions that it covers.
 * @throws UserInputError when the role does not allow it.
 */
export async function addStanding(
  store: Store,
  run: Pick<Run, "id">,
  { wish, by, role }: { wish: StandingWish; by: string; role: Role },
): Promise<GivenStanding> {
  if (!mayDecide(role))
    throw new UserInputError(`${by} is ${role} and may not approve beforehand. Ask an approver or the owner.`, {}, "not_allowed");
  return store.transaction(async (inside) => {
    const standing = await inside.standingApprovals.add({ runId: run.id, ...wish, author: by });
    await inside.events.append({
      runId: run.id,
      kind: "standing-add",
      actor: by,
      trial: null,
      text: `${by} approved beforehand: ${describeStanding(standing)}.`,
      fields: { standing: standing.id, ...wish },
    });
    const current = await inside.runs.find(run.id);
    return { ...standing, answered: current === null ? [] : await answerBeforehand(inside, current, standing) };
  });
}

/** Takes a yes back; jobs that run go on. @throws UserInputError when no such one stands, or the role does not allow it. */
export async function revokeStanding(
  store: Store,
  run: Pick<Run, "id" | "name">,
  { id, by, role }: { id: string; by: string; role: Role },
): Promise<void> {
  if (!mayDecide(role))
    throw new UserInputError(`${by} is ${role} and may not revoke an approval. Ask an approver or the owner.`, {}, "not_allowed");
  const full = id.startsWith(run.id) ? id : `${run.id}-${id}`;
  await store.transaction(async (inside) => {
    if (!(await inside.standingApprovals.revoke(run.id, full)))
      throw new UserInputError(`No standing approval ${id} holds in ${run.name}.`, { id }, "not_found");
    await inside.events.append({
      runId: run.id,
      kind: "standing-revoke",
      actor: by,
      trial: null,
      text: `${by} took back the standing approval ${full}.`,
      fields: { standing: full },
    });
  });
}
