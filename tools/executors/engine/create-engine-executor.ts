import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt, AttemptStatus, Executor, JobDevice } from "../executor.ts";
import { nobody } from "../local/processes.ts";
import { claimAttempt, readClaim } from "../local/read-claim.ts";
import { readLog } from "../read-log.ts";
import { recordEnd } from "../record-end.ts";
import { statusOfExit } from "../status-of-exit.ts";
import { EngineJobs } from "./engine-jobs.ts";
import { EngineUnreachableError } from "./engine-unreachable-error.ts";
import type { Engine, Place } from "./engine.ts";
import { Judge, type JudgePatience } from "./judge.ts";
import { Submitter } from "./submitter.ts";
import { Sweeper, type SweepPatience } from "./sweeper.ts";
import { readTicket } from "./ticket.ts";

/** What an executor on a cluster stands on. */
export interface EngineExecutorOptions {
  engine: Engine;
  device: JobDevice;
  host: string;
  /** Folder that the attempts' directories lie in. */
  directory: string;
  /** Runs what takes no device: fetching and registering a run's objects. */
  local: Executor;
  /** Writes what the engine shall run for an attempt; returns its path. */
  writeScript(attempt: Attempt): Promise<string>;
  patience?: Partial<EnginePatience>;
}

/** Milliseconds. Tests shorten them. */
export interface EnginePatience extends JudgePatience, SweepPatience {
  /** How old an engine's answer may be. */
  refreshMs: number;
  /** How often an engine that does not answer is asked again. */
  retryMs: number;
  /** How long the end of a cancelled job is waited for. */
  cancelMs: number;
}

const defaultPatience: EnginePatience = {
  refreshMs: 1000,
  retryMs: 2000,
  cancelMs: 300_000,
  // Attributes of files are cached for up to 60 s on NFS, and slurmctld says RUNNING for 66 s of a node that is gone.
  graceMs: 90_000,
  stuckMs: 5000,
  sweepMs: 60_000,
  overMs: 30_000,
};
const endPollMs = 200;

/**
 * Runs attempts by a cluster's scheduler. The directory is the truth, the engine a hint: an exit record counts whatever
 * the engine says, an engine that is down ends nothing, and what the engine forgot is lost only after a grace.
 */
export function createEngineExecutor(options: EngineExecutorOptions): Executor {
  const { engine, device, host, directory, local } = options;
  const patience = { ...defaultPatience, ...options.patience };
  const jobs = new EngineJobs(engine, patience.refreshMs);
  const judge = new Judge({ engine, host, patience });
  const sweeper = new Sweeper(engine, directory, patience);
  const submitter = new Submitter({ engine, writeScript: options.writeScript, retryMs: patience.retryMs });

  async function look(place: Place): Promise<AttemptStatus> {
    const ended = await statusOfExit(place.directory);
    if (ended !== null) return ended;
    const waits = submitter.waitsBecause(place.id);
    if (waits !== null) return { state: "queued", detail: waits };
    const ticket = await readTicket(place.directory);
    if (ticket === null) return await lookLocally(place);
    if (ticket.verdict !== null) return ticket.verdict;
    const claim = await readClaim(place.directory);
    // Somebody may have died between the intent and the submission. Submitting again is harmless.
    if (ticket.job === null && claim === null) return { state: "unknown", detail: "" };
    try {
      return await judge.judge(place, ticket, claim, await jobs.find(place));
    } catch (error) {
      if (!(error instanceof EngineUnreachableError)) throw error;
      return (await statusOfExit(place.directory)) ?? { state: claim === null ? "queued" : "running", detail: error.message };
    }
  }

  async function lookLocally(place: Place): Promise<AttemptStatus> {
    const statuses = await local.status([place]);
    return statuses.get(place.id) ?? { state: "unknown", detail: "" };
  }

  async function cancel(place: Place): Promise<void> {
    await submitter.withdraw(place.id);
    if (existsSync(join(place.directory, "exit.json"))) return;
    const ticket = await readTicket(place.directory);
    if (ticket === null) return await local.cancel(place);
    if (ticket.verdict !== null) return;
    await writeFile(join(place.directory, "cancel"), "");
    const isNeverRun = (await claimAttempt(place, host)) || (await readClaim(place.directory))?.pid === nobody;
    if (isNeverRun) await recordEnd(place, "cancelled", "ended before it was started");
    await end(place, isNeverRun);
    if (!existsSync(join(place.directory, "exit.json"))) await recordEnd(place, "cancelled", "ended on request");
    jobs.refresh();
  }

  /**
   * Asks the engine until nothing of the attempt is left there. What never ran cannot run any more, so its engine needs
   * to be asked only once.
   */
  async function end(place: Place, isNeverRun: boolean): Promise<void> {
    const deadline = performance.now() + patience.cancelMs;
    for (;;) {
      try {
        await engine.end(place);
        if (isNeverRun) return;
        const job = (await engine.list([place])).get(place.id);
        if (job?.state !== "running" && job?.state !== "queued" && job?.state !== "stuck") return;
      } catch (error) {
        if (!(error instanceof EngineUnreachableError)) throw error;
        // The runner saw the `cancel` file, or nothing of it ever ran.
        if (isNeverRun || existsSync(join(place.directory, "exit.json"))) return;
        if (performance.now() > deadline) throw error;
      }
      if (performance.now() > deadline) {
        throw new EngineUnreachableError(
          `${engine.title} was asked to end ${place.id} ${Math.round(patience.cancelMs / 1000)} s ago and it still runs. End it by hand; the run can go on then.`,
        );
      }
      await sleep(endPollMs);
    }
  }

  return {
    kind: engine.kind,
    device,
    submit: async (attempt) => {
      // Registering objects takes no device, and often a network: compute nodes have none, and a queue is long.
      if (attempt.request.device.indices.length === 0) return await local.submit(attempt);
      await submitter.submit(attempt);
    },
    status: async (attempts) => new Map(await Promise.all(attempts.map(async (place) => [place.id, await look(place)] as const))),
    cancel,
    logs: async (attempt, cursor) => await readLog(attempt.directory, cursor),
    close: async () => {
      await submitter.close();
      await sweeper.close();
      engine.close();
      await local.close();
    },
  };
}
