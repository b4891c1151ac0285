import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "#src/store/store.ts";
import type { JobLogger } from "#tools/job-context.ts";
import { platform } from "./board.ts";
import type { CardShow } from "./card-show.ts";
import { RunShow, type ShowContext } from "./run-show.ts";

interface KeeperOptions extends ShowContext {
  cards: CardShow;
  log: JobLogger;
}

/** How often the store is looked at when nobody wakes it. */
const lookEveryMs = 1000;

/**
 * Makes what stands in Discord agree with the store, again and again: cards, status messages, milestones. Whatever
 * happened meanwhile (a restart, a deleted channel, an answer from the terminal, an expiry) ends in the right message.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #shows = new Map<string, RunShow>();
  #woken = Promise.withResolvers<void>();

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Looks now, not at the next turn. */
  wake(): void {
    this.#woken.resolve();
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.wake(), { once: true });
    while (!signal.aborted) {
      await this.look(signal);
      await Promise.race([this.#woken.promise, sleep(lookEveryMs, undefined, { signal }).catch(() => undefined)]);
      this.#woken = Promise.withResolvers<void>();
    }
  }

  /** One turn over everything. What fails for one run is told in the log and tried again. */
  async look(signal: AbortSignal): Promise<void> {
    const { log, cards, desk } = this.#options;
    await this.#try("proposals", null, () => cards.keepProposals());
    const runs = await desk.store.runs.list().catch((error: unknown) => {
      log.warn({ error }, "The runs could not be read; tried again soon.");
      return [];
    });
    for (const run of runs) {
      if (signal.aborted) return;
      await this.#try("messages", run, () => this.#keep(run));
    }
  }

  async #keep(run: Run): Promise<void> {
    const { places, cards, desk } = this.#options;
    const known = await desk.store.messages.find(platform, "thread", run.id);
    if (known === null && run.endedAt !== null && Date.parse(run.endedAt) < desk.startedAt.getTime()) return;
    if (known?.state === "settled" && run.endedAt !== null && !(await this.#isAsked(run))) return;
    const place = await places.ofRun(run);
    if (place === null) return;
    const isOver = run.endedAt !== null;
    await cards.keepApprovals(run, place.channel);
    const show = this.#shows.get(run.id) ?? new RunShow(this.#options);
    this.#shows.set(run.id, show);
    await show.keep(run, place.channel);
    const status = await desk.store.messages.find(platform, "status", run.id);
    if (status?.state === "gone") await places.check(place.channel);
    const state = isOver && (await this.#isSettled(run)) ? "settled" : "open";
    if (state !== place.state) await desk.store.messages.update(place, { state });
    if (state === "settled") this.#shows.delete(run.id);
  }

  /** People are asked of a run that is over, too: before its `final` split is read. */
  async #isAsked(run: Run): Promise<boolean> {
    return (await this.#options.desk.store.approvals.list(run.id, "pending")).length > 0;
  }

  /** True when nothing of the run's messages will change any more. */
  async #isSettled(run: Run): Promise<boolean> {
    const { messages } = this.#options.desk.store;
    for (const kind of ["status", "approval"] as const) {
      if ((await messages.list(platform, kind, "open")).some(({ runId }) => runId === run.id)) return false;
    }
    return true;
  }

  async #try(what: string, run: Run | null, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.log.warn({ run: run?.id ?? null, error }, `The ${what} in Discord could not be brought up to date; tried again soon.`);
    }
  }
}
