import { EnvironmentError } from "#src/errors.ts";
import { DatabaseGoneError } from "#src/store/connection-loss.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { recordResult } from "../discovery/record-result.ts";
import { StoppingError } from "./stopping-error.ts";

/** Errors on one trial before it is given up, and before the run is. */
const trialPatience = 2;
const runPatience = 4;

/**
 * Exceptions that reached a lane: broken promises, not an experiment's outcome. The trial is tried again, then ends as
 * failed; when that does not help either, the run ends as failed. What only a person can mend ends the run at once and
 * leaves the trial open.
 */
export class LaneErrors {
  /** Why the run cannot go on; null while it can. */
  fatal: string | null = null;
  readonly #context: DiscoveryContext;
  readonly #runId: string;
  /** By trial number; 0 stands for a lane that had no trial yet. */
  readonly #counts = new Map<number, number>();

  constructor(context: DiscoveryContext, runId: string) {
    this.#context = context;
    this.#runId = runId;
  }

  /** Something ended well: earlier errors there are forgiven. */
  forget(trial: number): void {
    this.#counts.delete(trial);
    this.#counts.delete(0);
  }

  async tell(trial: number | null, error: unknown): Promise<void> {
    // Nothing can be recorded, and nothing has to be: the driver meets it too, and the trial goes on at the next start.
    if (error instanceof DatabaseGoneError) return;
    const message = error instanceof Error ? error.message : String(error);
    const count = (this.#counts.get(trial ?? 0) ?? 0) + 1;
    this.#counts.set(trial ?? 0, count);
    const where = trial === null ? "the run" : `trial ${trial}`;
    const mustStop = error instanceof StoppingError;
    if (mustStop) this.fatal ??= message.replace(/\.$/, "");
    // What the machine lacks (space, a permission, a program) it will lack again; the run goes on when a person has seen to it.
    if (error instanceof EnvironmentError) this.fatal ??= message;
    if (count >= runPatience) this.fatal ??= `${where} went wrong ${count} times: ${message}`;
    this.#context.jobs.log.warn({ run: this.#runId, trial, error }, `An error on ${where}: ${message}`);
    try {
      const fields = { count, stack: error instanceof Error ? (error.stack ?? null) : null };
      const text = mustStop ? message : `An error on ${where}: ${message}`;
      await this.#context.store.events.append({ runId: this.#runId, kind: "trial-error", actor: "conductor", trial, text, fields });
      if (trial !== null && count === trialPatience && !mustStop) await this.#giveUp(trial, message);
    } catch (second) {
      this.fatal ??= `${where}: ${message}; and that could not be recorded: ${second instanceof Error ? second.message : String(second)}`;
    }
  }

  async #giveUp(trial: number, detail: string): Promise<void> {
    const { view } = await this.#context.desk(this.#runId);
    await recordResult(this.#context, view, trial, { kind: "failed", reason: "internal_error", detail, steps: 0, deviceSeconds: 0 });
  }
}
