import { type RunStatus, runStatus } from "#src/service/run-status.ts";
import type { Store } from "#src/store/store.ts";
import { readProgress } from "#tools/read-progress.ts";
import type { LaneView, LiveView } from "./live-view.ts";

type LaneStatus = RunStatus["lanes"][number];

async function laneView(lane: LaneStatus): Promise<LaneView> {
  const progress = lane.jobDirectory === null ? null : await readProgress(lane.jobDirectory);
  const isMerge = progress?.unit === "tensors";
  const phase: LaneView["phase"] =
    lane.state === "waiting"
      ? "waiting"
      : progress === null
        ? "starting"
        : progress.step === "evaluate"
          ? "evaluating"
          : isMerge
            ? "merging"
            : "training";
  return {
    lane: lane.lane ?? 0,
    trial: lane.trial,
    what: lane.action,
    phase,
    done: progress?.done ?? null,
    total: progress?.total ?? null,
    loss: progress?.loss ?? null,
  };
}

/** Seconds left by the pace of the trials so far; null until a few have ended. */
function secondsLeft(done: number, total: number, elapsedSeconds: number): number | null {
  return done < 3 ? null : (elapsedSeconds / done) * Math.max(0, total - done);
}

/** Where the run stands, ready to be drawn. */
export function liveViewOf(status: RunStatus, lanes: LaneView[], planned: number, now: Date): LiveView {
  const { chosen, trials, other, failed } = status.progress;
  const isChoosing = chosen > 0 || lanes.some((lane) => status.lanes.some(({ trial, kind }) => trial === lane.trial && kind === "chosen"));
  const running = status.lanes.filter(({ state }) => state !== "waiting").length;
  const baselines = Math.max(planned, other + (isChoosing ? 0 : running));
  const done = isChoosing ? Math.max(0, chosen - status.lanes.filter(({ kind }) => kind === "chosen").length) : other;
  const elapsed = (now.getTime() - Date.parse(status.run.createdAt)) / 1000;
  const all = other + done + (isChoosing ? 0 : failed);
  const sftAll = status.baselines.find(({ label }) => label === "sft_all");
  return {
    lanes: lanes.filter(({ phase }) => phase !== "waiting").toSorted((a, b) => a.lane - b.lane),
    best: status.best === null ? null : { model: status.best.model, measured: status.best.score },
    base: status.base === null ? null : { model: status.base.model, mean: status.base.score.mean },
    sftAll: sftAll?.score.mean ?? null,
    stage: isChoosing ? "trials" : "baselines",
    done,
    total: isChoosing ? trials : baselines,
    secondsLeft: secondsLeft(all, baselines + trials, elapsed),
    waitingApprovals: status.waiting.length,
  };
}

/** Reads the store and the jobs' progress files. */
export async function loadLiveView(
  store: Store,
  runId: string,
  planned: number,
  now: Date,
): Promise<{ view: LiveView; status: RunStatus }> {
  const status = await runStatus(store, runId);
  const lanes = await Promise.all(status.lanes.map(laneView));
  return { view: liveViewOf(status, lanes, planned, now), status };
}
