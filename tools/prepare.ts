import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunConfig } from "#src/config/run-config.ts";
import { EnvironmentError } from "#src/errors.ts";
import { judgeOverlaps } from "#src/pool/overlap-gate.ts";
import type { KnownObjects } from "#src/pool/known-objects.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import { contractVersion } from "./contract/common.ts";
import type { JobRequest } from "./contract/job.ts";
import { contractSchemas } from "./contract/schemas.ts";
import type { Attempt } from "./executors/executor.ts";
import type { JobContext } from "./job-context.ts";
import { attemptDirectory, readExit, stepDirectory, writeWhole } from "./jobs/attempt-files.ts";
import { readStepReply } from "./jobs/read-reply.ts";
import { prepareInputs } from "./prepare/prepare-inputs.ts";
import { keepPrepared, preparedKey, type PreparedMetrics, readPrepared } from "./prepare/prepared-cache.ts";

/** Fetching a large model over a slow line takes hours; a fetch that takes a day is broken. */
const longestSeconds = 86_400;
const pollMs = 25;

/** Where it may fetch from, and who is told that it goes on. */
export interface PrepareOptions {
  /** True = nothing is fetched: what is not here is a problem. */
  offline: boolean;
  signal?: AbortSignal;
  /** The run that these objects join: its datasets and tasks are compared with them. */
  known?: KnownObjects;
  /** Called with the attempt's directory once it is submitted, for `readProgress`. */
  onStart?: (directory: string) => void;
}

/**
 * Registers a config's models, datasets and tasks under `cache/`, or answers from an earlier registration when nothing
 * that it depends on has changed. It belongs to no run, costs no device, and is the only job that may use a network.
 * What is wrong with single objects comes back as `problems`, and so do rows
 * of datasets that stand in evaluation splits, as far as the config does not allow them.
 * @throws EnvironmentError when the registration as a whole failed: a full disk, a missing package, a time limit.
 */
export async function prepareObjects(context: JobContext, config: RunConfig, options: PrepareOptions): Promise<PreparedObjects> {
  const inputs = prepareInputs(config, context.home, options.offline, options.known);
  const key = await preparedKey(inputs);
  const known = key === null ? null : await readPrepared(context.home, key);
  if (known !== null) return gated(config, known, options);
  const attempt = await writePrepareAttempt(context, inputs, options.offline);
  await context.executor.submit(attempt);
  options.onStart?.(attempt.directory);
  await waitFor(context, attempt, options.signal);
  const prepared = await readMetrics(context, attempt);
  if (key !== null) await keepPrepared(context.home, key, prepared);
  return gated(config, prepared, options);
}

/** What the config makes of overlaps is no part of the registration: a changed line asks for no new one. */
function gated(config: RunConfig, prepared: PreparedObjects, { known }: PrepareOptions): PreparedObjects {
  return { ...prepared, problems: [...prepared.problems, ...judgeOverlaps(config, prepared, known).problems] };
}

async function writePrepareAttempt(context: JobContext, inputs: ReturnType<typeof prepareInputs>, offline: boolean): Promise<Attempt> {
  const id = freeAttempt(context.home, 1);
  const directory = attemptDirectory(context.home, id);
  const step = stepDirectory(directory, "prepare");
  const shared = {
    schema_version: contractVersion,
    attempt: id,
    key: "prepare",
    device: { kind: "cpu", indices: [] },
    limits: { wall_seconds: longestSeconds, memory_mib: null, disk_mib: null },
  } as const;
  const request = { ...shared, seed: 0, inputs, output_dir: join(step, "output"), settings: {} };
  await mkdir(step, { recursive: true });
  await writeWhole(join(step, "request.json"), contractSchemas["prepare.request"].parse(request));
  const job: JobRequest = {
    ...shared,
    device: { kind: "cpu", indices: [] },
    steps: [{ name: "prepare", script: "prepare", directory: step, publish_to: null }],
    resume_from: null,
  };
  await writeWhole(join(directory, "request.json"), job);
  return { id, directory, request: job, network: !offline };
}

function freeAttempt(home: string, number: number): string {
  const id = `prepare-${number}`;
  return existsSync(attemptDirectory(home, id)) ? freeAttempt(home, number + 1) : id;
}

async function waitFor(context: JobContext, attempt: Attempt, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    const status = (await context.executor.status([attempt])).get(attempt.id);
    if (status?.state === "succeeded" || status?.state === "failed") return;
    if (status?.state !== "running" && status?.state !== "queued") {
      throw new EnvironmentError(
        `Registering the run's objects ended (${status?.state}): ${status?.detail}. Its log is ${attempt.directory}/log.txt.`,
      );
    }
    if (signal?.aborted === true) {
      await context.executor.cancel(attempt);
      signal.throwIfAborted();
    }
    await sleep(pollMs);
  }
}

async function readMetrics(context: JobContext, attempt: Attempt): Promise<PreparedMetrics> {
  const exit = await readExit(attempt.directory);
  const log = join(attempt.directory, "log.txt");
  if (exit?.outcome !== "finished") {
    throw new EnvironmentError(`Registering the run's objects failed: ${exit?.detail ?? "no record"}. Its log is ${log}.`);
  }
  const reply = await readStepReply(attempt.directory, exit, "prepare", contractSchemas["prepare.reply"]);
  if (reply.status === "failed") throw new EnvironmentError(`Registering the run's objects failed: ${reply.detail} Its log is ${log}.`);
  for (const warning of reply.warnings) context.log.warn({ attempt: attempt.id }, warning);
  return reply.metrics;
}
