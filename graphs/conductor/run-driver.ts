import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "#src/store/changes.ts";
import type { Trial } from "#src/store/store.ts";
import { planConfirm } from "../discovery/plan.ts";
import { nextStep, type Step, whenExhausted } from "./agenda.ts";
import type { DriverDeps } from "./driver-deps.ts";
import { endRun } from "./end-run.ts";
import type { FollowEnd, FollowOptions } from "./follow.ts";
import { LaneErrors } from "./lane-errors.ts";
import { LookTimer } from "./look-timer.ts";
import { Measurer } from "./measurer.ts";
import { obeyCommands } from "./obey-commands.ts";
import { pauseRun } from "./pause-run.ts";
import { isEnded, type RunView } from "./run-view.ts";
import { Seat } from "./seat.ts";
import { settleWaiting } from "./settle-waiting.ts";
import { takeLeftTrial } from "./take-left-trial.ts";
import { trialResource } from "./trial-resource.ts";

/** What a conductor that works writes all the time; it matters only to one that has nothing to do. */
const chatter = new Set(["trial-select", "trial-start", "trial-result", "trial-end"]);

interface Lane {
  /** The trial under way; null while none is reserved. */
  trial: number | null;
  promise: Promise<void>;
}

/** Drives one run: fills its lanes until the run is over, a person stops it, or this conductor is to leave. */
export class RunDriver {
  readonly #deps: DriverDeps;
  readonly #runId: string;
  readonly #options: FollowOptions;
  readonly #leave: AbortSignal;
  readonly #lanes = new Map<number, Lane>();
  readonly #errors: LaneErrors;
  readonly #seat: Seat;
  readonly #measurer: Measurer;
  /** A lane is deciding: the next decision waits until this one is claimed. */
  #isPicking = false;
  /** What the agenda said last when there was nothing to start; null when it is worth asking. */
  #idle: Step | null = null;
  readonly #looks: LookTimer;
  /** The last decision was that there is nothing to start. */
  #hasNothing = false;
  /** There may be trials that nobody works on. */
  #mayHaveLeft = true;
  #wake = Promise.withResolvers<void>();

  constructor(deps: DriverDeps, runId: string, options: FollowOptions) {
    this.#deps = deps;
    this.#runId = runId;
    this.#options = options;
    this.#leave = options.leave ?? new AbortController().signal;
    this.#errors = new LaneErrors(deps.context, runId);
    const { context, leases, pool, pollMs } = deps;
    this.#looks = new LookTimer(pollMs, context.store.changes);
    this.#seat = new Seat(context.store, { runId, holder: leases.holder, pool }, () => context.now().getTime());
    this.#measurer = new Measurer({ context, leases, runId, leave: this.#leave });
    const wake = () => this.#wake.resolve();
    options.signal?.addEventListener("abort", wake, { once: true });
    this.#leave.addEventListener("abort", wake, { once: true });
  }

  async follow(): Promise<FollowEnd> {
    const { store } = this.#deps.context;
    const unsubscribe = store.changes.subscribe((change) => this.#hear(change));
    try {
      return await this.#drive();
    } finally {
      unsubscribe();
      await this.#seat.leave();
    }
  }

  async #drive(): Promise<FollowEnd> {
    for (;;) {
      const { view } = await this.#deps.context.desk(this.#runId);
      if (this.#leave.aborted) return this.#settle("left");
      await this.#look(view);
      if (isEnded(view.run.state)) return this.#settle("ended");
      await this.#fillLanes(view);
      const end = this.#lanes.size === 0 ? await this.#rest(view) : null;
      if (end !== null) return end;
      await this.#pause();
    }
  }

  /** Looks at what others did: people's commands and answers, other conductors' results. Not more often than needed. */
  async #look(view: RunView): Promise<void> {
    if (this.#looks.msLeft > 0) return;
    this.#looks.begin();
    this.#mayHaveLeft = true;
    this.#seat.look();
    await obeyCommands(this.#deps.context, this.#runId);
    await view.refreshResults();
    await settleWaiting(this.#deps.context, view);
  }

  #hear({ kind, subject, what }: Change): void {
    if (kind === "lease" || (kind !== "unknown" && subject !== this.#runId)) return;
    if (chatter.has(what) && this.#idle === null) return;
    this.#looks.hurry();
    this.#idle = null;
    this.#wake.resolve();
  }

  /** True when no new trial may start, whatever is left of the budget. */
  #isDraining(view: RunView): boolean {
    return this.#options.signal?.aborted === true || view.run.state !== "running" || this.#errors.fatal !== null;
  }

  async #fillLanes(view: RunView): Promise<void> {
    const hasNothing = this.#hasNothing || this.#isDraining(view);
    const wanted = await this.#seat.lanes(view.run, hasNothing ? this.#lanes.size : view.run.config.executor.lanes);
    for (let lane = 1; lane <= wanted; lane++) {
      if (this.#lanes.has(lane)) continue;
      if (this.#lanes.size >= wanted) return;
      const left = await this.#takeLeft();
      if (left !== null) {
        this.#start(lane, left.number, () => this.#resume(left, lane));
        continue;
      }
      if (this.#isDraining(view) || this.#isPicking || this.#idle !== null) return;
      this.#isPicking = true;
      this.#start(lane, null, () => this.#pick(lane));
    }
  }

  async #takeLeft(): Promise<Trial | null> {
    if (!this.#mayHaveLeft || this.#errors.fatal !== null) return null;
    const mine = new Set([...this.#lanes.values()].map((lane) => lane.trial));
    const left = await takeLeftTrial(this.#deps, this.#runId, mine);
    this.#mayHaveLeft = left !== null;
    return left;
  }

  #start(lane: number, trial: number | null, work: () => Promise<void>): void {
    const entry: Lane = { trial, promise: Promise.resolve() };
    this.#lanes.set(lane, entry);
    const run = async () => {
      try {
        await work();
      } catch (error) {
        this.#idle = null;
        this.#mayHaveLeft = true;
        if (!this.#leave.aborted) await this.#errors.tell(entry.trial, error);
      } finally {
        this.#lanes.delete(lane);
        this.#wake.resolve();
      }
    };
    entry.promise = run();
  }

  async #resume(trial: Trial, lane: number): Promise<void> {
    const start = { runId: this.#runId, number: trial.number, claimed: true, lane };
    try {
      await this.#deps.threads.resume(start, { signal: this.#leave, onNode: () => undefined });
      this.#errors.forget(trial.number);
      this.#idle = null;
    } finally {
      await this.#deps.leases.release(trialResource(this.#runId, trial.number));
    }
  }

  /**
   * Decides what this lane does, and does it. The decision is made and claimed while no other lane or conductor
   * decides: each sees what the others have under way, and trial numbers follow each other.
   */
  async #pick(lane: number): Promise<void> {
    let work: Promise<void> = Promise.resolve();
    try {
      await this.#deps.leases.exclusively(`run:${this.#runId}:decide`, async () => {
        const view = await this.#measurer.freshView();
        const step = this.#isDraining(view)
          ? { kind: "wait" as const, why: "no new trials" }
          : await nextStep(this.#deps.context, view, this.#measurer);
        const claimed = Promise.withResolvers<void>();
        work = this.#begin(step, view, lane, () => claimed.resolve());
        await Promise.race([claimed.promise, work]);
      });
    } finally {
      this.#isPicking = false;
      this.#wake.resolve();
    }
    await work;
  }

  async #begin(step: Step, view: RunView, lane: number, onClaimed: () => void): Promise<void> {
    const { context } = this.#deps;
    this.#hasNothing = step.kind === "wait" || step.kind === "end" || step.kind === "pause";
    switch (step.kind) {
      case "pause":
        await pauseRun(context.store, this.#runId, step.reason);
        this.#idle = { kind: "wait", why: step.reason };
        return;
      case "end":
        await planConfirm(context, this.#runId);
        this.#idle = step;
        return;
      case "wait":
        this.#idle = step;
        return;
      case "base":
      case "late":
        if (await this.#measurer.measure(step.model, view, onClaimed)) this.#idle = null;
        else this.#idle = { kind: "wait", why: "another conductor measures models" };
        return;
      case "baseline": {
        const { kind, label, action, key } = step.baseline;
        const trial = await context.store.trials.create({ runId: this.#runId, kind, label, action, key, lane });
        if (trial === null) return;
        await this.#advance(trial.number, true, lane, onClaimed);
        return;
      }
      case "choose":
        await this.#advance(view.nextTrial, false, lane, onClaimed);
    }
  }

  async #advance(number: number, claimed: boolean, lane: number, onClaimed: () => void): Promise<void> {
    const resource = trialResource(this.#runId, number);
    await this.#deps.leases.acquire(resource);
    const entry = this.#lanes.get(lane);
    if (entry !== undefined) entry.trial = number;
    if (claimed) onClaimed();
    const onNode = (node: string) => {
      if (node === "select") onClaimed();
    };
    try {
      const ending = await this.#deps.threads.begin({ runId: this.#runId, number, claimed, lane }, { signal: this.#leave, onNode });
      this.#errors.forget(number);
      this.#idle = ending === "exhausted" ? whenExhausted((await this.#deps.context.desk(this.#runId)).view) : null;
    } finally {
      await this.#deps.leases.release(resource);
    }
  }

  /** All lanes are empty: ends, or says what is waited for. */
  async #rest(view: RunView): Promise<FollowEnd | null> {
    if (this.#idle === null && !this.#isDraining(view)) return null;
    await view.refreshResults();
    const { store } = this.#deps.context;
    if (this.#errors.fatal !== null) return this.#endRun(view, "failed", this.#errors.fatal);
    const live = await store.trials.live(view.runId);
    if (view.run.state === "stopping" && live.length === 0) return this.#endRun(view, "stopped", view.run.stateReason);
    if (this.#options.signal?.aborted === true) return "drained";
    if (this.#idle?.kind === "end" && live.length === 0 && view.run.state === "running")
      return this.#endRun(view, "finished", this.#idle.reason);
    const isWaiting = live.length > 0 ? live.every((trial) => trial.state === "waiting") : this.#idle?.kind === "wait";
    if (
      isWaiting &&
      this.#idle !== null &&
      this.#options.leaveWhenWaiting === true &&
      (await store.approvals.list(view.runId, "pending")).length > 0
    )
      return "waiting";
    return null;
  }

  async #endRun(view: RunView, state: "stopped" | "finished" | "failed", reason: string): Promise<FollowEnd> {
    await endRun(this.#deps.context.store, view, state, reason);
    return "ended";
  }

  /** Waits for lanes to come back; `left` gives up waiting for jobs, which go on by themselves. */
  async #settle(end: FollowEnd): Promise<FollowEnd> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.promise));
    return end;
  }

  /** Until something happens here, or it is time to look at what others did. */
  async #pause(): Promise<void> {
    const timer = new AbortController();
    const tick = sleep(Math.max(0, this.#looks.msLeft), "tick", { signal: timer.signal }).catch(() => "woken");
    const woken = await Promise.race([this.#wake.promise.then(() => "woken"), tick]);
    timer.abort();
    this.#wake = Promise.withResolvers<void>();
    // A tick may find what this process was not told of: an answer, a command, another conductor's result.
    if (woken === "tick") this.#idle = null;
  }
}
