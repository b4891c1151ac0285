import type { RunStatus } from "#src/service/run-status.ts";
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

/** When watching began, and how many trials were over then: the pace that time left is told from. */
export interface Pace {
  since: Date;
  over: number;
}

/** Trials that are over, of either kind. */
interface Over {
  chosen: number;
  other: number;
}

/** A pace needs a few trials to be one. */
const fewestForPace = 3;

/** Counts hold trials that are under way, too. */
export function trialsOver({ progress, lanes }: RunStatus): Over {
  const chosenLive = lanes.filter(({ kind }) => kind === "chosen").length;
  return { chosen: Math.max(0, progress.chosen - chosenLive), other: Math.max(0, progress.other - (lanes.length - chosenLive)) };
}

function secondsLeft(over: number, total: number, pace: Pace, now: Date): number | null {
  const seen = over - pace.over;
  const left = total - over;
  return seen < fewestForPace || left <= 0 ? null : ((now.getTime() - pace.since.getTime()) / 1000 / seen) * left;
}

/** Where the run stands, ready to be drawn. `planned` baselines are a guess where the TIES grid is concerned. */
export function liveViewOf(status: RunStatus, lanes: LaneView[], planned: number, pace: Pace, now: Date): LiveView {
  const { trials } = status.progress;
  const over = trialsOver(status);
  const isChoosing = over.chosen > 0 || status.lanes.some(({ kind }) => kind === "chosen");
  const baselines = isChoosing ? over.other : Math.max(planned, over.other + status.lanes.length);
  const sftAll = status.baselines.find(({ label }) => label === "sft_all");
  return {
    lanes: lanes.filter(({ phase }) => phase !== "waiting").toSorted((a, b) => a.lane - b.lane),
    best: status.best === null ? null : { model: status.best.model, measured: status.best.score },
    base: status.base === null ? null : { model: status.base.model, mean: status.base.score.mean },
    sftAll: sftAll?.score.mean ?? null,
    stage: isChoosing ? "trials" : "baselines",
    done: isChoosing ? over.chosen : over.other,
    total: isChoosing ? trials : baselines,
    secondsLeft: secondsLeft(over.chosen + over.other, baselines + trials, pace, now),
    waitingApprovals: status.waiting.length,
  };
}

/** What every lane is doing, from the jobs' progress files. */
export async function loadLanes(status: RunStatus): Promise<LaneView[]> {
  return Promise.all(status.lanes.map(laneView));
}
