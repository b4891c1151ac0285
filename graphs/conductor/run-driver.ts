import { setTimeout as sleep } from "node:timers/promises";
import type { Trial } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { nextStep, type Step } from "./agenda.ts";
import { evaluateBase } from "./evaluate-base.ts";
import type { FollowEnd, FollowOptions } from "./follow.ts";
import { LaneErrors } from "./lane-errors.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { questionOf } from "../discovery/question-of.ts";
import { obeyCommands } from "./obey-commands.ts";
import { isEnded, type RunView } from "./run-view.ts";
import { settleWaiting } from "./settle-waiting.ts";
import type { TrialThreads } from "./trial-threads.ts";

export interface DriverDeps {
  context: DiscoveryContext;
  leases: LeaseKeeper;
  threads: TrialThreads;
  /** How often commands, approvals and other conductors are looked at while lanes are busy. */
  pollMs: number;
}

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
  /** Base models that a lane evaluates now. */
  readonly #busyBases = new Set<string>();
  /** A lane is deciding: the next decision waits until this one is claimed. */
  #isPicking = false;
  /** What the agenda said last when there was nothing to start; null when it is worth asking. */
  #idle: Step | null = null;
  #lastLook = Number.NEGATIVE_INFINITY;
  /** There may be trials that nobody works on. */
  #mayHaveLeft = true;
  #wake = Promise.withResolvers<void>();

  constructor(deps: DriverDeps, runId: string, options: FollowOptions) {
    this.#deps = deps;
    this.#runId = runId;
    this.#options = options;
    this.#leave = options.leave ?? new AbortController().signal;
    this.#errors = new LaneErrors(deps.context, runId);
    const wake = () => this.#wake.resolve();
    options.signal?.addEventListener("abort", wake, { once: true });
    this.#leave.addEventListener("abort", wake, { once: true });
  }

  async follow(): Promise<FollowEnd> {
    const { view } = await this.#deps.context.desk(this.#runId);
    for (;;) {
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
    const now = performance.now();
    if (now - this.#lastLook < this.#deps.pollMs) return;
    this.#lastLook = now;
    this.#mayHaveLeft = true;
    await obeyCommands(this.#deps.context, this.#runId);
    await view.refreshResults();
    await settleWaiting(this.#deps.context, view);
  }

  /** True when no new trial may start, whatever is left of the budget. */
  #isDraining(view: RunView): boolean {
    return this.#options.signal?.aborted === true || view.run.state !== "running" || this.#errors.fatal !== null;
  }

  async #fillLanes(view: RunView): Promise<void> {
    const wanted = view.run.config.executor.lanes;
    for (let lane = 1; lane <= wanted; lane++) {
      if (this.#lanes.has(lane)) continue;
      const left = await this.#takeLeft(view);
      if (left !== null) {
        this.#start(lane, left.number, () => this.#resume(left, lane));
        continue;
      }
      if (this.#isDraining(view) || this.#isPicking || this.#idle !== null) return;
      this.#isPicking = true;
      this.#start(lane, null, () => this.#pick(view, lane));
    }
  }

  /** A trial that nobody works on: left by a conductor that died, or with an answer from people. Its lease is ours then. */
  async #takeLeft(view: RunView): Promise<Trial | null> {
    if (!this.#mayHaveLeft || this.#errors.fatal !== null) return null;
    const mine = new Set([...this.#lanes.values()].map((lane) => lane.trial));
    for (const trial of await this.#deps.context.store.trials.live(view.runId)) {
      if (mine.has(trial.number)) continue;
      if (trial.state === "waiting" && !(await this.#isAnswered(trial))) continue;
      if (await this.#deps.leases.acquire(trialResource(this.#runId, trial.number))) return trial;
    }
    this.#mayHaveLeft = false;
    return null;
  }

  async #isAnswered(trial: Trial): Promise<boolean> {
    const question = await questionOf(this.#deps.context.store, trial);
    return question?.state !== "pending";
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
  async #pick(view: RunView, lane: number): Promise<void> {
    let work: Promise<void> = Promise.resolve();
    try {
      await this.#deps.leases.exclusively(`run:${this.#runId}:decide`, async () => {
        await view.refresh();
        const step = this.#isDraining(view)
          ? { kind: "wait" as const, why: "no new trials" }
          : await nextStep(this.#deps.context, view, this.#busyBases);
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
    switch (step.kind) {
      case "pause":
        await this.#pauseRun(step.reason);
        return;
      case "wait":
      case "end":
        this.#idle = step;
        return;
      case "base":
        this.#busyBases.add(step.model.id);
        onClaimed();
        try {
          await evaluateBase(context, view, step.model, this.#leave);
        } finally {
          this.#busyBases.delete(step.model.id);
          this.#idle = null;
        }
        return;
      case "baseline": {
        const { kind, label, action, key } = step.baseline;
        const trial = await context.store.trials.create({ runId: this.#runId, kind, label, action, key, lane });
        if (trial === null) return;
        await this.#drive(trial.number, true, lane, onClaimed);
        return;
      }
      case "choose":
        await this.#drive(view.nextTrial, false, lane, onClaimed);
    }
  }

  async #drive(number: number, claimed: boolean, lane: number, onClaimed: () => void): Promise<void> {
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
      this.#idle = ending === "exhausted" ? { kind: "end", reason: "no untried action is left" } : null;
    } finally {
      await this.#deps.leases.release(resource);
    }
  }

  /** Leaves it to people how the run goes on. */
  async #pauseRun(reason: string): Promise<void> {
    const text = `Paused: ${reason}. Change the limit, then resume.`;
    await this.#deps.context.store.transaction(async (store) => {
      if (!(await store.runs.setState(this.#runId, ["running"], "paused", reason))) return;
      await store.events.append({ runId: this.#runId, kind: "run-pause", actor: "conductor", trial: null, text, fields: {} });
    });
    this.#idle = { kind: "wait", why: reason };
  }

  /** All lanes are empty: ends, or says what is waited for. */
  async #rest(view: RunView): Promise<FollowEnd | null> {
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
    await this.#deps.context.store.transaction(async (store) => {
      const isOurs = await store.runs.setState(view.runId, ["running", "stopping", "paused"], state, reason);
      if (!isOurs) return;
      const fields = { state, trials: view.budget.trialsDone };
      await store.events.append({
        runId: view.runId,
        kind: "run-end",
        actor: "conductor",
        trial: null,
        text: `The run ${state}: ${reason}.`,
        fields,
      });
    });
    await view.refresh();
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
    const tick = sleep(this.#deps.pollMs, "tick", { signal: timer.signal }).catch(() => "woken");
    const woken = await Promise.race([this.#wake.promise.then(() => "woken"), tick]);
    timer.abort();
    this.#wake = Promise.withResolvers<void>();
    // A tick may find what this process was not told of: an answer, a command, another conductor's result.
    if (woken === "tick") this.#idle = null;
  }
}

/** Name of a trial's lease. */
export function trialResource(runId: string, number: number): string {
  return `run:${runId}:trial:${number}`;
}
