import type { PoolModel } from "#src/pool/objects.ts";
import type { Store, Trial } from "#src/store/store.ts";
import { hasResult } from "../discovery/record-result.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { admitBaselines, readBaselines, type BaselineStep } from "./baselines.ts";
import type { RunView } from "./run-view.ts";

/** What a free lane of a run does next. */
export type Step =
  | { kind: "base"; model: PoolModel }
  | { kind: "baseline"; baseline: BaselineStep }
  | { kind: "choose" }
  /** Nothing now: something under way has to end first, or people have to answer. */
  | { kind: "wait"; why: string }
  /** People have to decide how it goes on. */
  | { kind: "pause"; reason: string }
  /** Nothing more once what is under way has ended. */
  | { kind: "end"; reason: string };

/** Trials in a row that a cap may refuse before the budget counts as spent: smaller actions might still have fitted. */
const mostRefusals = 3;
/** The same where a person limits single trials: what is small enough may be rare, but there is budget left for it. */
const mostRefusalsUnderLimit = 20;

/**
 * The order of a run: base evaluations, the fixed baselines with their noise repeats, then chosen trials until the
 * budget is spent. Reads only what the store says, so any conductor comes to the same answer.
 */
export async function nextStep(context: DiscoveryContext, view: RunView, busyBases: ReadonlySet<string>): Promise<Step> {
  return (await nextBaseline(context, view, busyBases)) ?? nextChoice(context.store, view);
}

/** Null once bases and baselines are measured, or people do not want the baselines. */
async function nextBaseline(context: DiscoveryContext, view: RunView, busyBases: ReadonlySet<string>): Promise<Step | null> {
  if (view.hasBaselines) return null;
  const bases = view.bases.filter((model) => !view.scores.has(model.id));
  const { todo, underWay } = await readBaselines(context.store, view);
  if (bases.length > 0 || todo.length > 0) {
    const verdict = await admitBaselines(context, view, bases, todo);
    if (verdict === "wait") return { kind: "wait", why: "the baselines wait for people" };
    if (verdict === "leave-out" && bases.length > 0)
      return { kind: "end", reason: "the base models may not be evaluated, so nothing could be compared with them" };
    const base = bases.find((model) => !busyBases.has(model.id));
    if (base !== undefined) return { kind: "base", model: base };
    if (bases.length > 0) return { kind: "wait", why: "the base models are being evaluated" };
    const [baseline] = todo;
    if (verdict === "go" && baseline !== undefined) return { kind: "baseline", baseline };
  }
  if (underWay > 0) return { kind: "wait", why: "baselines are under way" };
  view.hasBaselines = true;
  return null;
}

async function nextChoice(store: Store, view: RunView): Promise<Step> {
  const live = await store.trials.live(view.runId);
  const refusal = refusedTooOften(view);
  if (refusal !== null) return refusal;
  const reserved = await reservedTrials(store, live);
  if (view.budget.trialsLeft - reserved <= 0) {
    if (live.length > 0) return { kind: "wait", why: "the last trials of the budget are under way" };
    return { kind: "end", reason: `all ${view.run.config.budget.trials} trials of the budget are done` };
  }
  const waiting = live.filter((trial) => trial.state === "waiting");
  if (waiting.length >= view.run.config.approval.max_pending) {
    return { kind: "wait", why: `${waiting.length} trials wait for people (approval.max_pending)` };
  }
  return { kind: "choose" };
}

function refusedTooOften({ directives, refusedInARow }: RunView): Step | null {
  const isLimited = directives.some(({ body }) => body.kind === "cap");
  if (refusedInARow < (isLimited ? mostRefusalsUnderLimit : mostRefusals)) return null;
  if (isLimited)
    return { kind: "pause", reason: `${refusedInARow} trials in a row were over the limit that a person has set for single trials` };
  return { kind: "end", reason: `${refusedInARow} trials in a row did not fit into what is left of the budget` };
}

/** Chosen trials that will count against the budget but have no job yet. */
async function reservedTrials(store: Store, live: readonly Trial[]): Promise<number> {
  let reserved = 0;
  for (const trial of live) {
    if (trial.kind !== "chosen" || hasResult(trial)) continue;
    if ((await store.jobs.ofTrial(trial.runId, trial.number)).length === 0) reserved += 1;
  }
  return reserved;
}
