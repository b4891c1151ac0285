import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AttemptStatus } from "../executor.ts";
import { isAlive } from "../local/processes.ts";
import type { Claim } from "../local/read-claim.ts";
import { barStart, fence } from "../fence.ts";
import { HeldFor } from "../held-for.ts";
import { Pulse } from "../pulse.ts";
import { readLog } from "../read-log.ts";
import { recordEnd } from "../record-end.ts";
import { statusOfExit } from "../status-of-exit.ts";
import type { Engine, EngineJob, Place } from "./engine.ts";
import { type Ticket, writeTicket } from "./ticket.ts";

/** More often is no accident: then the nodes may not see the attempt's directory. */
const mostMisfires = 2;

/** Milliseconds. */
export interface JudgePatience {
  /** How long the record of a job that is over is waited for: other hosts' files come late. */
  graceMs: number;
  /** How long a job has to wait for what cannot come before it is given up. */
  stuckMs: number;
}

/**
 * Decides what an engine's word means for an attempt that has no exit record. What is decided once is written down:
 * into the exit record what ended, into the ticket what never started.
 */
export class Judge {
  readonly #engine: Engine;
  readonly #host: string;
  readonly #patience: JudgePatience;
  readonly #held = new HeldFor();
  readonly #pulse = new Pulse();

  constructor({ engine, host, patience }: { engine: Engine; host: string; patience: JudgePatience }) {
    this.#engine = engine;
    this.#host = host;
    this.#patience = patience;
  }

  /** @throws EngineUnreachableError. */
  async judge(place: Place, ticket: Ticket, claim: Claim | null, job: EngineJob | null): Promise<AttemptStatus> {
    if (job?.state === "queued" || job?.state === "running") {
      this.#forget(place);
      return { state: job.state, detail: job.detail };
    }
    if (job?.state === "stuck") return await this.#judgeStuck(place, ticket, job);
    return await this.#judgeOver(place, ticket, claim, job);
  }

  async #judgeStuck(place: Place, ticket: Ticket, job: EngineJob): Promise<AttemptStatus> {
    if (this.#held.ms(place.id, job.state) < this.#patience.stuckMs) return { state: "queued", detail: job.detail };
    await this.#engine.end(place);
    await barStart(place, this.#host);
    return await this.#reject(place, ticket, job.detail);
  }

  async #judgeOver(place: Place, ticket: Ticket, claim: Claim | null, job: EngineJob | null): Promise<AttemptStatus> {
    const isHere = claim?.host === this.#host;
    // A restarted engine may have forgotten a job that still runs.
    if (claim !== null && isHere && (await isAlive(claim))) return { state: "running", detail: `process ${claim.pid}` };
    const detail = job?.detail ?? `${this.#engine.title} does not know the job any more`;
    const isForgotten = claim !== null && !isHere && job === null;
    if (isForgotten && (await this.#pulse.silentMs(place)) < this.#patience.graceMs) {
      return (await statusOfExit(place.directory)) ?? { state: "running", detail: `on ${claim.host}, by its heartbeat` };
    }
    const graceMs = isHere ? 0 : this.#patience.graceMs;
    if (this.#held.ms(place.id, job?.state ?? "unknown") < graceMs) {
      return (await statusOfExit(place.directory)) ?? { state: claim === null ? "queued" : "running", detail };
    }
    const late = await statusOfExit(place.directory);
    if (late !== null) return late;
    if (job?.state === "timeout" || job?.state === "out_of_memory") {
      await recordEnd(place, job.state, detail);
      return { state: "failed", detail };
    }
    if (job?.state === "ended" && claim === null) {
      if (this.#mayStartYet(place, ticket)) return await this.#startAgain(place, ticket, detail);
      return await this.#reject(place, ticket, `its runner could not start (${detail}): ${await lastLine(place)}`);
    }
    // Cancelled, but not by Temper, which leaves a record: by an administrator, or by an engine that lost its state.
    const lost = { state: "lost", detail: `it ended without a record (${detail})` } as const;
    await fence(place, this.#host, lost.detail);
    this.#forget(place);
    return (await statusOfExit(place.directory)) ?? lost;
  }

  /**
   * A job script's first act is to open its log: without one nothing of the attempt ever ran. So it is where an engine
   * gives an id again after a crash and a node still has the old job of that id: Slurm then ends the new one at once.
   */
  #mayStartYet({ directory }: Place, { misfires }: Ticket): boolean {
    return this.#engine.takesAgain && misfires < mostMisfires && !existsSync(join(directory, "log.txt"));
  }

  async #startAgain(place: Place, ticket: Ticket, detail: string): Promise<AttemptStatus> {
    await writeTicket(place.directory, { ...ticket, job: null, misfires: ticket.misfires + 1 });
    this.#forget(place);
    return { state: "unknown", detail: `never started (${detail})` };
  }

  async #reject(place: Place, ticket: Ticket, detail: string): Promise<AttemptStatus> {
    const verdict = { state: "rejected", detail } as const;
    await writeTicket(place.directory, { ...ticket, verdict });
    this.#forget(place);
    return verdict;
  }

  #forget({ id }: Place): void {
    this.#held.forget(id);
    this.#pulse.forget(id);
  }
}

async function lastLine({ directory }: Place): Promise<string> {
  const { text } = await readLog(directory, 0);
  const line = text.trim().split("\n").at(-1);
  return line === undefined || line === "" ? `it wrote no log; look whether the nodes see ${directory}` : line;
}
