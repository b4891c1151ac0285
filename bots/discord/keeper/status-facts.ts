import { compareModels } from "#src/service/compare-models.ts";
import { runStatus, type RunStatus } from "#src/service/run-status.ts";
import type { Approval, Run, Store } from "#src/store/store.ts";
import type { MilestoneFacts } from "./milestones.ts";
import { platform } from "./board.ts";

/** The pace is told from so many of the latest trials. */
const paceTrials = 10;
const fewestForPace = 3;

/** Seconds that are left at the pace of the latest trials; null before there is one. */
async function secondsLeft(store: Store, { run, progress, lanes }: RunStatus, now: Date): Promise<number | null> {
  if (run.state !== "running" || progress.chosen < fewestForPace) return null;
  const latest = progress.chosen + progress.chosenFromCache + progress.other + lanes.length;
  const recent = (await store.trials.list(run.id, Math.max(1, latest - paceTrials))).filter(({ endedAt }) => endedAt !== null);
  const [first] = recent;
  if (first === undefined || recent.length < fewestForPace) return null;
  const seconds = (now.getTime() - Date.parse(first.createdAt)) / 1000;
  return (seconds / recent.length) * Math.max(0, progress.trials - progress.chosen);
}

/** The model that a new best has to beat: the one told of last, else the best baseline, else the base. */
async function toBeat(store: Store, { run, best, base, baselines }: RunStatus): Promise<string | null> {
  if (best === null || best.kind !== "chosen") return null;
  const told = (await store.messages.list(platform, "milestone")).filter(({ runId }) => runId === run.id);
  const last = told
    .findLast(({ subject }) => subject.startsWith(`${run.id}:best:`))
    ?.subject.split(":")
    .at(-1);
  if (last !== undefined) return last === best.model ? null : last;
  const [baseline] = baselines.toSorted((a, b) => b.score.mean - a.score.mean);
  return baseline?.model ?? base?.model ?? null;
}

/** Questions that people are reminded of: `approval.remind_hours` before they expire. */
async function expiringSoon(store: Store, run: Run, now: Date): Promise<Approval[]> {
  const soon = new Date(now.getTime() + run.config.approval.remind_hours * 3_600_000).toISOString();
  const pending = await store.approvals.list(run.id, "pending");
  return pending.filter(({ expiresAt }) => expiresAt > now.toISOString() && expiresAt <= soon);
}

/** Everything that a run's messages are made of. */
export async function statusFacts(store: Store, run: Run, now: Date): Promise<MilestoneFacts & { secondsLeft: number | null }> {
  const status = await runStatus(store, run.id);
  const over = await toBeat(store, status);
  const lead = over === null || status.best === null ? null : await compareModels(store, run, { a: status.best.model, b: over });
  return {
    status,
    failures: (await store.memories.latest(run.id))?.failures ?? [],
    lead:
      lead === null || over === null ? null : { over, mean: lead.difference.mean, low: lead.difference.low, high: lead.difference.high },
    noiseFloor: lead?.noiseFloor ?? null,
    expiring: await expiringSoon(store, run, now),
    secondsLeft: await secondsLeft(store, status, now),
  };
}
