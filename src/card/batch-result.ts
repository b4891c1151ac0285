import { RunFacts } from "../explain/run-facts.ts";
import { formatInterval } from "../memory/format-score.ts";
import type { Approval, Run, Store, Trial, TrialKind } from "../store/store.ts";
import { costLine } from "./cost-line.ts";

interface Asked {
  store: Store;
  run: Run;
  approval: Approval;
}

const batchKinds: Readonly<Record<string, readonly TrialKind[]>> = { baselines: ["baseline", "repeat"], replay: ["replay"] };
const unended: ReadonlySet<Trial["state"]> = new Set(["selected", "waiting", "running"]);

/** One line on what came of a batch that people approved; null while it goes on, and for questions that are no batch of jobs. */
export async function batchResult(store: Store, run: Run, approval: Approval): Promise<string | null> {
  const spent = await store.jobs.spentOnApproval(approval.id);
  if (spent.reservedDeviceSeconds > 0) return null;
  const result = await resultOf({ store, run, approval });
  if (result === null) return null;
  return `${result} ${spent.deviceSeconds > 0 ? costLine(approval, spent.deviceSeconds) : "No device time was used under this yes."}`;
}

/**
 * True when nothing will be added to the card of a batch any more: its line is there, or never comes, because the run is over and
 * so is the time in which the yes holds.
 */
export async function isBatchOver(store: Store, run: Run, approval: Approval, now: Date): Promise<boolean> {
  if (!isBatchOfJobs(approval)) return true;
  if ((await batchResult(store, run, approval)) !== null) return true;
  return run.endedAt !== null && approval.expiresAt <= now.toISOString();
}

/** Going on with a paused action type is asked as a batch too, and has no jobs of its own. */
function isBatchOfJobs({ batch }: Approval): boolean {
  return batch !== null && (batch === "finalize" || batch === "additions" || Object.hasOwn(batchKinds, batch));
}

async function resultOf(asked: Asked): Promise<string | null> {
  switch (asked.approval.batch) {
    case "finalize":
      return readFinal(asked);
    case "additions":
      return measured(asked);
    case "baselines":
    case "replay":
      return trialsOf(asked);
    case null:
    default:
      return null;
  }
}

/** Baselines are over when a policy has chosen something, a replay when its run is: what else there is follows from what was made. */
async function trialsOf({ store, run, approval }: Asked): Promise<string | null> {
  const found: Trial[] = [];
  for (const kind of batchKinds[approval.batch ?? ""] ?? []) found.push(...(await store.trials.ofKind(run.id, kind)));
  const trials = found.filter(({ key }) => approval.members.includes(key));
  if (trials.some(({ state }) => unended.has(state))) return null;
  if (run.endedAt === null && (approval.batch === "replay" || (await store.decisions.count(run.id)) === 0)) return null;
  if (trials.length === 0) return "Nothing of it was started.";
  return `${countsOf(trials)}.${await bestOf(store, run, trials)}`;
}

/** `6 done, 1 failed (out of memory)`. */
function countsOf(trials: readonly Trial[]): string {
  const count = (state: Trial["state"]) => trials.filter((trial) => trial.state === state).length;
  const reasons = trials.flatMap(({ state, failure }) => (state === "failed" ? [(failure ?? "unknown").replaceAll("_", " ")] : []));
  const failed = count("failed");
  const skipped = count("skipped");
  return [
    `${count("done")} done`,
    ...(failed > 0 ? [`${failed} failed (${[...new Set(reasons)].join(", ")})`] : []),
    ...(skipped > 0 ? [`${skipped} not started`] : []),
  ].join(", ");
}

async function bestOf(store: Store, run: Run, trials: readonly Trial[]): Promise<string> {
  const facts = await RunFacts.open(store, run);
  let best: { trial: Trial; model: string; score: number } | null = null;
  for (const trial of trials) {
    const score = trial.model === null ? null : await facts.score(trial.model);
    if (trial.model !== null && score !== null && (best === null || score > best.score)) best = { trial, model: trial.model, score };
  }
  if (best === null) return "";
  const model = await store.objects.find(run.id, best.model);
  const outcomes = model?.kind === "model" ? await facts.scores.outcomes(model) : null;
  if (outcomes === null) return "";
  const measure = facts.scores.measure(outcomes);
  const label = best.trial.label === null ? "" : ` (${best.trial.label.replaceAll("_", " ")})`;
  return ` Best: ${best.model}${label} ${formatInterval(measure)} on ${measure.items} ${measure.split} items (95 % interval).`;
}

/** Over when every model has its scores on every task, or the run ended before. */
async function measured({ store, run, approval }: Asked): Promise<string | null> {
  const models = (await store.objects.models(run.id)).filter(({ key }) => approval.members.includes(key));
  const evaluations = await store.evaluations.ofModels(
    models.map(({ key }) => key),
    "search",
  );
  const known = new Set(evaluations.map(({ modelKey, taskKey }) => `${modelKey} ${taskKey}`));
  const complete = models.filter(({ key }) => run.tasks.every((task) => known.has(`${key} ${task.key}`)));
  if (complete.length < models.length && run.endedAt === null) return null;
  return `${complete.length} of ${models.length} models measured on every task.`;
}

/** What was read, in the words of its record. */
async function readFinal({ store, run, approval }: Asked): Promise<string | null> {
  if (run.finalOpenedAt === null) return null;
  const events = await store.events.list(run.id);
  const read = events.findLast(({ kind, time }) => kind === "final-read" && time >= (approval.decidedAt ?? ""));
  return read === undefined ? null : read.text.replaceAll("`", "");
}
