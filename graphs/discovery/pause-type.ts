import { requestApproval } from "#src/approval/request-approval.ts";
import type { ActionTypeName } from "#src/action/action.ts";
import type { Store, Trial } from "#src/store/store.ts";
import { pauseKey } from "#src/triage/paused-type.ts";
import { tellingLines } from "#src/triage/telling-lines.ts";
import { whyPause, type TypeResult } from "#src/triage/why-pause.ts";
import { readLogEnd } from "#tools/jobs/read-log-end.ts";
import type { RunView } from "../conductor/run-view.ts";
import type { DiscoveryContext } from "./context.ts";

/** Results that are looked at: more in a row are needed by no rule. */
const mostResults = 5;

/**
 * Pauses a trial's action type when the same error came twice, and asks people whether it goes on, with what the log
 * says. To be called in the transaction that records the failure. Nothing happens while a question is open.
 */
export async function pauseType(
  { now }: Pick<DiscoveryContext, "now">,
  store: Store,
  view: RunView,
  { trial, failure, detail }: { trial: Trial; failure: string; detail: string },
): Promise<void> {
  const { type } = trial.action;
  const last = await store.approvals.latestOfBatch(view.runId, type);
  if (last?.state === "pending" || last?.state === "rejected") return;
  const jobs = await store.jobs.ofTrial(view.runId, trial.number);
  const times = jobs.filter((job) => job.failure === failure).length;
  const earlier = await earlierResults(store, view, type, trial.number, last?.decidedAt ?? null);
  const reason = whyPause([{ trial: trial.number, failure, times }, ...earlier]);
  if (reason === null) return;
  const where = reason.trials.length === 1 ? `twice in trial ${reason.trials[0]}` : `in trials ${reason.trials.join(", ")}`;
  const job = jobs.at(-1);
  const log = job === undefined ? [] : tellingLines(await readLogEnd(job.directory));
  const what = `${type} failed ${where} of ${failure.replaceAll("_", " ")}: ${detail.replace(/\.$/, "")}`;
  const approval = await requestApproval(
    store,
    {
      runId: view.runId,
      trial: null,
      batch: type,
      key: pauseKey(type, failure, trial.number),
      estimate: job?.estimate ?? nothing,
      why: log.length === 0 ? what : `${what}. The log says: ${log.join(" | ")}`,
    },
    now(),
  );
  await store.events.append({
    runId: view.runId,
    kind: "type-pause",
    actor: "triage",
    trial: trial.number,
    text: `${type} is paused: it is not tried before somebody has answered; a no leaves it out.`,
    fields: { type, failure, trials: reason.trials, approval: approval.id, attempt: job?.attempt ?? null, log },
  });
}

const nothing = { deviceHoursP50: 0, deviceHoursP90: 0, usdP50: 0, usdP90: 0, wallSecondsP90: 0, basis: "no job was started" };

/** The type's results before this one, the latest first, that people have not answered for yet. */
async function earlierResults(
  store: Store,
  view: RunView,
  type: ActionTypeName,
  trial: number,
  answeredAt: string | null,
): Promise<TypeResult[]> {
  const results: TypeResult[] = [];
  for (let index = view.trials.length - 1; index >= 0 && results.length < mostResults - 1; index--) {
    const observed = view.trials[index];
    if (observed === undefined || observed.action.type !== type || observed.number === trial) continue;
    const row = await store.trials.find(view.runId, observed.number);
    if (answeredAt !== null && (row?.endedAt ?? "") <= answeredAt) break;
    results.push({ trial: observed.number, failure: observed.failure, times: 1 });
  }
  return results;
}
