import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Job, Store } from "#src/store/store.ts";
import { readOutcome } from "#tools/jobs/read-outcome.ts";
import { readStepKey } from "#tools/jobs/read-reply.ts";
import { findRunner } from "./victims.ts";

/** What has gone wrong in a home, in words. */
export class HomeWatch {
  readonly problems: string[] = [];
  /** Finished trials as they were first seen. */
  readonly #finished = new Map<number, string>();
  readonly #store: Store;
  readonly #name: string;

  /** @param name Of the run in `store`. */
  constructor(store: Store, name: string) {
    this.#store = store;
    this.#name = name;
  }

  /** Looks while the run goes on: no key with two live attempts, nothing finished lost. */
  async look(): Promise<{ live: Job[]; finished: number; isOver: boolean }> {
    const run = await this.#store.runs.find(this.#name);
    if (run === null) return { live: [], finished: 0, isOver: false };
    const live = await this.#store.jobs.live();
    await this.#checkLive(live);
    for (const trial of await this.#store.trials.list(run.id)) {
      const now = JSON.stringify([trial.key, trial.model, trial.state, trial.learnt]);
      const before = this.#finished.get(trial.number);
      if (before !== undefined && before !== now) this.#tell(`trial ${trial.number} was finished as ${before}, then it was ${now}`);
      if (trial.state === "done" || trial.state === "failed") this.#finished.set(trial.number, now);
    }
    return { live, finished: this.#finished.size, isOver: run.state === "finished" || run.state === "failed" };
  }

  /** Looks when the run is over: no key with two valid replies, no attempt left live. */
  async lookAtEnd(): Promise<{ attempts: number; replies: number }> {
    const run = await this.#store.runs.find(this.#name);
    const trials = run === null ? [] : await this.#store.trials.list(run.id);
    const live = await this.#store.jobs.live();
    if (live.length > 0) this.#tell(`${live.length} attempts are live at the end`);
    const replies = new Map<string, string[]>();
    let attempts = 0;
    for (const trial of trials) {
      const jobs = await this.#store.jobs.ofKey(trial.key);
      attempts += jobs.length;
      for (const job of jobs) await collectReplies(job, replies);
    }
    for (const [step, by] of replies) if (by.length > 1) this.#tell(`${step} has ${by.length} valid replies: ${by.join(", ")}`);
    return { attempts, replies: replies.size };
  }

  async #checkLive(live: readonly Job[]): Promise<void> {
    const keys = new Set<string>();
    for (const { key } of live) {
      if (keys.has(key)) this.#tell(`key ${key} has two live attempts`);
      keys.add(key);
      const running: string[] = [];
      for (const job of await this.#store.jobs.ofKey(key)) if (await isRunning(job)) running.push(job.attempt);
      if (running.length > 1) this.#tell(`key ${key} is run by ${running.join(" and ")} at once`);
    }
  }

  #tell(problem: string): void {
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }
}

/** A runner whose exit record is written does nothing more; its process takes a moment to go. */
async function isRunning(job: Job): Promise<boolean> {
  return (await findRunner(job)) !== null && !existsSync(join(job.directory, "exit.json"));
}

async function collectReplies(job: Job, replies: Map<string, string[]>): Promise<void> {
  const outcome = await readOutcome(job.directory, "lost", "");
  for (const step of ["train", "evaluate"] as const) {
    if (outcome.replies[step] === undefined) continue;
    const name = `${step} ${await readStepKey(job.directory, step)}`;
    replies.set(name, [...(replies.get(name) ?? []), job.attempt]);
  }
}
