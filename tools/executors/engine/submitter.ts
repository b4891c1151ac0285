import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Attempt } from "../executor.ts";
import { readClaim } from "../local/read-claim.ts";
import { EngineUnreachableError } from "./engine-unreachable-error.ts";
import type { Engine, EngineJob, Submission } from "./engine.ts";
import { readTicket, type Ticket, writeTicket } from "./ticket.ts";

interface Waiting {
  attempt: Attempt;
  /** The try that goes on, or the last one. */
  trying: Promise<void>;
  why: string;
}

/**
 * Hands attempts to an engine once each. The intent is written first and a job of that name is looked for before the
 * attempt is submitted again, so neither a conductor nor an engine that dies in between makes a second one; should two
 * jobs start all the same, only one gets the claim. While the engine does not answer, attempts wait here.
 */
export class Submitter {
  readonly #engine: Engine;
  readonly #writeScript: (attempt: Attempt) => Promise<string>;
  readonly #retryMs: number;
  readonly #waiting = new Map<string, Waiting>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: { engine: Engine; writeScript(attempt: Attempt): Promise<string>; retryMs: number }) {
    this.#engine = options.engine;
    this.#writeScript = options.writeScript;
    this.#retryMs = options.retryMs;
  }

  async submit(attempt: Attempt): Promise<void> {
    const known = this.#waiting.get(attempt.id);
    if (known !== undefined) return await known.trying;
    const waiting: Waiting = { attempt, trying: Promise.resolve(), why: "is being submitted" };
    this.#waiting.set(attempt.id, waiting);
    await this.#try(waiting);
  }

  /** Why an attempt is still here; null when it is not. */
  waitsBecause(id: string): string | null {
    return this.#waiting.get(id)?.why ?? null;
  }

  /** Takes an attempt back that the engine does not have yet. */
  async withdraw(id: string): Promise<void> {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    await waiting?.trying.catch(() => {});
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    await Promise.all(all.map(async ({ trying }) => await trying.catch(() => {})));
  }

  #try(waiting: Waiting): Promise<void> {
    waiting.trying = this.#hand(waiting.attempt).then(
      () => void this.#waiting.delete(waiting.attempt.id),
      (error: unknown) => {
        if (!(error instanceof EngineUnreachableError)) {
          this.#waiting.delete(waiting.attempt.id);
          throw error;
        }
        waiting.why = error.message;
        this.#tryLater();
      },
    );
    return waiting.trying;
  }

  #tryLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      for (const waiting of this.#waiting.values()) this.#try(waiting).catch(() => {});
    }, this.#retryMs).unref();
  }

  async #hand(attempt: Attempt): Promise<void> {
    const { id, directory } = attempt;
    if (existsSync(join(directory, "exit.json")) || (await readClaim(directory)) !== null) return;
    const earlier = await readTicket(directory);
    if (earlier !== null && (earlier.job !== null || earlier.verdict !== null)) return;
    const misfires = earlier?.misfires ?? 0;
    const ticket: Ticket = { engine: this.#engine.kind, job: null, submitted_at: Date.now() / 1000, misfires, verdict: null };
    if (earlier === null) await writeTicket(directory, ticket);
    else if (isThere((await this.#engine.list([attempt])).get(id), misfires)) return await writeTicket(directory, { ...ticket, job: id });
    const script = await this.#writeScript(attempt);
    const { wall_seconds: wallSeconds } = attempt.request.limits;
    await this.#note(directory, ticket, await this.#engine.submit({ id, directory, script, wallSeconds }));
  }

  async #note(directory: string, ticket: Ticket, submission: Submission): Promise<void> {
    if (submission.kind === "accepted") return await writeTicket(directory, { ...ticket, job: submission.job });
    await writeTicket(directory, { ...ticket, verdict: { state: "rejected", detail: submission.why } });
  }
}

/** Whether an engine's job is the one that an attempt was submitted for, and not one that misfired. */
function isThere(job: EngineJob | undefined, misfires: number): boolean {
  return job !== undefined && (misfires === 0 || job.state !== "ended");
}
