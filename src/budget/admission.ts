import { plannedSteps } from "../action/planned-steps.ts";
import { TemperError } from "../errors.ts";
import type { Directive } from "../memory/directive.ts";
import type { Estimate, Run, Store, Trial } from "../store/store.ts";
import { checkApproval } from "./check-approval.ts";
import { leftOf, readCaps } from "./caps.ts";
import { formatAmount, formatDeviceHours } from "./format-amount.ts";
import { isCapActive } from "./cap-hours.ts";
import { whyAsk } from "./why-ask.ts";

/** A job that ran into its time limit: it goes on only with a yes that was given since. */
export interface MoreTime {
  /** Why people are asked: `it needs more time: …`. */
  why: string;
  /** Approvals that were used up by the tries so far. */
  notBy: readonly string[];
}

/** What of a named batch is to run. */
export interface BatchPart {
  /** `baselines`, `finalize`, `replay`: the batch that people are asked about at once. */
  name: string;
  /** Keys of the actions or models that the job belongs to: an approval of the batch holds for it where it lists all of them. */
  members: readonly string[];
}

export interface AdmissionRequest {
  /** Id of the run. */
  run: string;
  /** The trial that the job is for, or null. */
  trial: number | null;
  /** Null for a trial of its own. */
  batch: BatchPart | null;
  /** Key of the job. */
  key: string;
  estimate: Estimate;
  /** What the home takes on disk now, where the caller measured it: needed for `budget.disk_gb`. */
  diskBytes?: number;
  moreTime?: MoreTime | null;
  now?: Date;
}

/** `ask` = people have to say yes first; `refuse` = it must not run at all. */
export type Admission =
  | { verdict: "admitted"; approvalId: string | null }
  | { verdict: "ask"; why: string }
  | { verdict: "refuse"; why: string };

/**
 * Whether a job may be created: its p90 against the approval threshold and against what is left of every cap, spent
 * and reserved counted. To be called in the transaction that creates the job's row: transactions run one after the
 * other, so two jobs are never admitted to the same rest of a cap.
 */
export async function admit(store: Store, request: AdmissionRequest): Promise<Admission> {
  const run = await store.runs.find(request.run);
  if (run === null) throw new TemperError("not_found", `There is no run ${request.run}.`, { run: request.run });
  const now = request.now ?? new Date();
  const trial = request.trial === null ? null : await store.trials.find(run.id, request.trial);

  const overCap = (await exceededCap(store, run, trial, request)) ?? exceededDirective(await store.directives.list(run.id), request, now);
  if (overCap !== null) return { verdict: "refuse", why: overCap };
  const asksForTime = run.config.approval.on_time_limit === "ask" ? request.moreTime?.why : undefined;
  return checkApproval(store, run, request, asksForTime ?? whyAsk(run.config, request.estimate), now);
}

/** The first cap that this job could go over, in words; null when it fits. */
async function exceededCap(store: Store, run: Run, trial: Trial | null, request: AdmissionRequest): Promise<string | null> {
  const startsChosenTrial = trial?.kind === "chosen" && (await store.jobs.ofTrial(run.id, trial.number)).length === 0;
  const needs = {
    trials: Number(startsChosenTrial),
    steps:
      startsChosenTrial && run.config.budget.steps !== undefined ? plannedSteps(trial.action, await store.objects.datasets(run.id)) : 0,
    device_hours: request.estimate.deviceHoursP90,
    usd: request.estimate.usdP90,
    // A job writes before its size is known: any room will do, and the job's own limit holds the rest.
    disk_gb: Number.MIN_VALUE,
    // Caps on language models stop calls, not jobs.
    llm_usd: 0,
    llm_tokens: 0,
  };
  for (const cap of await readCaps(store, run, request.diskBytes)) {
    const need = needs[cap.name];
    if (need === 0 || need <= leftOf(cap)) continue;
    const gone = formatAmount(cap.name, cap.spent + cap.reserved);
    const left = `budget.${cap.name} is ${formatAmount(cap.name, cap.limit)}, of which ${gone} are spent or reserved`;
    return cap.name === "trials" || cap.name === "disk_gb" ? left : `${left}; this needs up to ${formatAmount(cap.name, need)}`;
  }
  return null;
}

/** A person's standing limit on single trials. */
function exceededDirective(directives: readonly Directive[], { trial, estimate }: AdmissionRequest, now: Date): string | null {
  if (trial === null) return null;
  for (const { id, author, revokedAt, body } of directives) {
    if (body.kind !== "cap" || revokedAt !== null || !isCapActive(body, now)) continue;
    if (estimate.deviceHoursP90 <= body.deviceHoursPerTrial) continue;
    const needed = formatDeviceHours(estimate.deviceHoursP90);
    return `${author} limits a trial to ${formatDeviceHours(body.deviceHoursPerTrial)} (directive ${id}); this needs up to ${needed}`;
  }
  return null;
}
