import { setTimeout as sleep } from "node:timers/promises";
import type { Rng } from "#src/policy/rng.ts";
import type { Job } from "#src/store/store.ts";
import type { HomeWatch } from "../kills/check-home.ts";
import { startConductor, type Started } from "../kills/start-conductor.ts";
import type { Victim } from "./victims.ts";

const lookMs = 150;
/** A victim of the drawn kind is waited for so long; when it does not come, something else is killed. */
const longestWaitMs = 5000;
/** Kills come after up to so long, so that they do not all follow the end of a trial. */
const longestPauseMs = 2000;
/** All kills fall before this share of the trials is done, so that the run outlives them. */
const lastMoment = 0.8;

/** A run that is shot at. */
export interface Target {
  root: string;
  home: string;
  /** Arguments of the conductor, and what its environment has beside this process's. */
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
  victims: readonly Victim[];
  /** Trials that the run has about. */
  trials: number;
  /** A run in which nothing ends and nothing is killed for so long will not end any more; nor will a conductor after it. */
  stalledMs: number;
  /** The file for what the conductors say. */
  log: string;
  watch: HomeWatch;
  print(line: string): void;
}

/** A run in which things are killed at random moments, until enough were; then it may end. */
export class Fire {
  readonly count = new Map<string, number>();
  isStalled = false;
  readonly #target: Target;
  readonly #rng: Rng;
  /** Keys that have lost a try, or may have. */
  readonly #struck = new Set<string>();
  readonly #kills: number;
  /** Kills that are still to come. */
  readonly #left: Map<Victim, number>;
  #conductor: Started;

  constructor(target: Target, rng: Rng) {
    this.#target = target;
    this.#rng = rng;
    this.#left = new Map(target.victims.map((victim) => [victim, victim.times]));
    this.#kills = target.victims.reduce((sum, { times }) => sum + times, 0);
    this.#conductor = this.#start();
  }

  get done(): number {
    return [...this.count.values()].reduce((sum, times) => sum + times, 0);
  }

  async run(): Promise<void> {
    const { victims, trials, stalledMs, watch, print } = this.#target;
    const failures = victims.flatMap(({ failed }) => failed ?? []);
    // Moments all over the run, whatever the machine's speed: after so many finished trials, plus a pause.
    const moments = Array.from({ length: this.#kills }, () => this.#rng.uniform() * trials * lastMoment).toSorted((a, b) => a - b);
    let wanted = this.#draw();
    let nextAt: number | null = null;
    let since = performance.now();
    let progress = { sum: 0, at: performance.now() };
    for (;;) {
      await Promise.race([sleep(lookMs), ...failures]);
      for (const victim of victims) await victim.tend?.();
      const { live, finished, isOver } = await watch.look();
      if (isOver) break;
      if (finished + this.done > progress.sum) progress = { sum: finished + this.done, at: performance.now() };
      this.isStalled = performance.now() - progress.at > stalledMs;
      if (this.isStalled) break;
      if (this.#conductor.hasEnded) this.#conductor = this.#start();
      if (wanted === null || finished < Math.floor(moments[this.done] ?? 0)) continue;
      nextAt ??= performance.now() + this.#rng.uniform() * longestPauseMs;
      if (performance.now() < nextAt) continue;
      const what = await this.#strike(wanted, live);
      if (what === null) {
        if (performance.now() - since > longestWaitMs) {
          if (finished > trials * lastMoment) this.#swap(wanted);
          wanted = this.#draw();
          since = performance.now();
        }
        continue;
      }
      this.count.set(wanted.name, (this.count.get(wanted.name) ?? 0) + 1);
      this.#left.set(wanted, (this.#left.get(wanted) ?? 0) - 1);
      print(`kill ${this.done} of ${this.#kills}: ${wanted.name} (${what}) with ${finished} trials finished`);
      wanted = this.#draw();
      nextAt = null;
      since = performance.now();
    }
    await Promise.race([this.#conductor.gone, sleep(this.isStalled ? 0 : stalledMs, undefined, { ref: false })]);
    if (this.#conductor.hasEnded) return;
    this.isStalled = true;
    process.kill(this.#conductor.pid, "SIGKILL");
    await this.#conductor.gone;
  }

  #start(): Started {
    const { root, args, environment, log } = this.#target;
    return startConductor(root, args, { environment, log });
  }

  /** The next victim, the likelier the more of its kills are left; null when there are none. */
  #draw(): Victim | null {
    const left = [...this.#left].flatMap(([victim, times]) => Array.from({ length: times }, () => victim));
    return left.length === 0 ? null : this.#rng.pick(left);
  }

  /** Near the end a victim that does not come gives one of its kills to the first, the conductor, which is always there. */
  #swap(victim: Victim): void {
    const [first] = this.#target.victims;
    if (first === undefined || first === victim) return;
    this.#left.set(victim, (this.#left.get(victim) ?? 0) - 1);
    this.#left.set(first, (this.#left.get(first) ?? 0) + 1);
  }

  async #strike(victim: Victim, live: readonly Job[]): Promise<string | null> {
    const fresh = live.filter(({ key }) => !this.#struck.has(key));
    if (victim.costs === "every job" && fresh.length < live.length) return null;
    const job = fresh.length === 0 ? undefined : this.#rng.pick(fresh);
    const what = await victim.strike({ home: this.#target.home, conductor: this.#conductor, job });
    if (what === null) return null;
    const costly = victim.costs === "every job" ? live : victim.costs === "the job" && job !== undefined ? [job] : [];
    for (const { key } of costly) this.#struck.add(key);
    return what;
  }
}
