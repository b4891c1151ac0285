import type { PoolModel } from "#src/pool/objects.ts";
import type { Store, Trial } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { planBaselines } from "../discovery/plan.ts";
import { admitBaselines, readBaselines, type BaselineStep } from "./baselines.ts";
import { additions, batchOfMeasuring } from "./additions.ts";
import { countSpent } from "./count-spent.ts";
import { lateModels } from "./late-models.ts";
import type { RunView } from "./run-view.ts";
import { warnOfConstantTasks } from "./warn-of-constant-tasks.ts";

/** What a free lane of a run does next. */
export type Step =
  | { kind: "base"; model: PoolModel }
  /** A model of before is measured on tasks that joined. */
  | { kind: "late"; model: PoolModel }
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

/** What lanes of this conductor measure now, and models that it could not measure. */
export interface Measuring {
  busy: ReadonlySet<string>;
  givenUp: ReadonlySet<string>;
}

/**
 * The order of a run: what joined it and is not measured yet, base evaluations, the fixed baselines with their noise
 * repeats, then chosen trials until the budget is spent. Reads only what the store says, so any conductor comes to the same answer.
 */
export async function nextStep(context: DiscoveryContext, view: RunView, measuring: Measuring): Promise<Step> {
  const live = await context.store.trials.live(view.runId);
  const { lanes } = view.run.config.executor;
  // All conductors of the run together: one that has just come starts nothing that the others' lanes are full of.
  if (live.filter((trial) => trial.state !== "waiting").length >= lanes) return { kind: "wait", why: "all lanes are busy" };
  const late = await nextLate(context.store, view, measuring);
  return late ?? (await nextBaseline(context, view, measuring.busy)) ?? nextChoice(context.store, view, live);
}

/** Null once every model that is to be compared has its scores on what joined. */
async function nextLate(store: Store, view: RunView, { busy, givenUp }: Measuring): Promise<Step | null> {
  if (view.hasLateScores) return null;
  if ((await store.approvals.latestOfBatch(view.runId, additions))?.state === "pending")
    return { kind: "wait", why: "measuring what was added waits for people" };
  const left = (await lateModels(store, view.run)).filter(({ id }) => !givenUp.has(id));
  const model = left.find(({ id }) => !busy.has(id));
  if (model !== undefined) return { kind: model.trial === null ? "base" : "late", model };
  return left.length === 0 ? null : { kind: "wait", why: "models are being measured on what was added" };
}

/** Null once bases and baselines are measured, or people do not want the baselines. */
async function nextBaseline(context: DiscoveryContext, view: RunView, busyBases: ReadonlySet<string>): Promise<Step | null> {
  if (view.hasBaselines) return null;
  const bases = view.bases.filter((model) => !view.scores.has(model.id));
  const baselines = await readBaselines(context.store, view);
  const { todo, underWay, held, sequels } = baselines;
  if (bases.length > 0 || todo.length > 0) {
    // People were asked about a base that joined later when it joined.
    const asked = (await batchOfMeasuring(context.store, view)) === "baselines" ? bases : [];
    const verdict = asked.length === 0 && todo.length === 0 ? "go" : await admitBaselines(context, view, asked, baselines);
    if (verdict === "wait") return { kind: "wait", why: "the baselines wait for people" };
    if (verdict === "leave-out" && asked.length > 0)
      return { kind: "end", reason: "the base models may not be evaluated, so nothing could be compared with them" };
    if (verdict === "go" && todo.length > 0) await planBaselines(context, view.runId, todo.length + underWay + sequels.expected.length);
    const base = bases.find((model) => !busyBases.has(model.id));
    if (base !== undefined) return { kind: "base", model: base };
    if (bases.length > 0) return { kind: "wait", why: "the base models are being evaluated" };
    const [baseline] = todo;
    if (verdict === "go" && baseline !== undefined) return { kind: "baseline", baseline };
  }
  if (underWay > 0) return { kind: "wait", why: "baselines are under way" };
  if (held > 0) return { kind: "wait", why: whyHeld(view) ?? "baselines wait for people" };
  await warnOfConstantTasks(context.store, view.run);
  view.hasBaselines = true;
  return null;
}

async function nextChoice(store: Store, view: RunView, live: readonly Trial[]): Promise<Step> {
  const refusal = refusedTooOften(view);
  if (refusal !== null) return refusal;
  const { trials } = view.run.config.budget;
  if ((await countSpent(store, view.runId)) >= trials) {
    if (live.length > 0) return { kind: "wait", why: "the last trials of the budget are under way" };
    return { kind: "end", reason: `all ${trials} trials of the budget are done` };
  }
  if (view.budget.steps?.left === 0) {
    if (live.length > 0) return { kind: "wait", why: "the last steps of the budget are under way" };
    return { kind: "end", reason: `all ${view.run.config.budget.steps} steps of the budget are done` };
  }
  const waiting = live.filter((trial) => trial.state === "waiting");
  if (waiting.length >= view.run.config.approval.max_pending) {
    return { kind: "wait", why: `${waiting.length} trials wait for people (approval.max_pending)` };
  }
  return isAllPaused(view) ? whenExhausted(view, live.length) : { kind: "choose" };
}

/** True when triage has taken every action type out of the run, for a time or for good. */
function isAllPaused({ run, pausedTypes }: RunView): boolean {
  return pausedTypes.length === Object.keys(run.config.actions).length;
}

/** What a run does that has nothing to try: waits while an action type may come back or a trial may open a way. */
export function whenExhausted(view: RunView, live = 0): Step {
  const why = whyHeld(view) ?? (live > 0 ? "the last trials are under way" : null);
  if (why !== null) return { kind: "wait", why };
  if (isAllPaused(view)) return { kind: "end", reason: "every action type failed and is left out" };
  const isBanned = view.directives.some(({ body }) => body.kind === "ban");
  return { kind: "end", reason: isBanned ? "no untried action is left but what is banned" : "no untried action is left" };
}

/** `sft is paused until people have answered`, or null. */
function whyHeld({ pausedTypes }: RunView): string | null {
  const asked = pausedTypes.filter(({ state }) => state === "asked").map(({ type }) => type);
  return asked.length === 0 ? null : `${asked.join(" and ")} ${asked.length === 1 ? "is" : "are"} paused until people have answered`;
}

function refusedTooOften({ directives, refusedInARow }: RunView): Step | null {
  const isLimited = directives.some(({ body }) => body.kind === "cap");
  if (refusedInARow < (isLimited ? mostRefusalsUnderLimit : mostRefusals)) return null;
  if (isLimited)
    return { kind: "pause", reason: `${refusedInARow} trials in a row were over the limit that a person has set for single trials` };
  return { kind: "end", reason: `${refusedInARow} trials in a row did not fit into what is left of the budget` };
}
