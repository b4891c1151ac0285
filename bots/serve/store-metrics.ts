import { Counter, Gauge, Registry } from "prom-client";
import type { Run, RunState, Store } from "#src/store/store.ts";

const runStates: readonly RunState[] = ["running", "paused", "stopping", "stopped", "finished", "failed"];
/** Runs that are over keep their numbers in the store; as time series they would grow without end. */
const liveStates = new Set<RunState>(["running", "paused", "stopping"]);

/**
 * What the store says of runs, jobs and devices, read afresh: constant time in the number of trials, and series of
 * live runs only. Several processes of one store give the same figures, so one of them is enough to be scraped.
 */
export async function readStoreMetrics(store: Store): Promise<Registry> {
  const registry = new Registry();
  const metrics = createMetrics(registry);
  const runs = await store.runs.list();
  for (const state of runStates) metrics.runs.set({ state }, runs.filter((run) => run.state === state).length);
  for (const run of runs) if (liveStates.has(run.state)) await readRun(metrics, store, run);
  for (const job of await store.jobs.live()) metrics.jobs.inc({ run: job.runId, purpose: job.purpose });
  for (const { host, kind, total, held } of await store.devices.count()) {
    metrics.devices.set({ host, kind, state: "held" }, held);
    metrics.devices.set({ host, kind, state: "free" }, total - held);
  }
  return registry;
}

type Metrics = ReturnType<typeof createMetrics>;

function createMetrics(registry: Registry) {
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers });
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  return {
    runs: gauge("temper_runs", "Runs of this store.", "state"),
    lanes: gauge("temper_lanes", "Trials that the run's config allows at once.", "run"),
    budget: gauge("temper_budget_trials", "Chosen trials that the run's budget allows.", "run"),
    live: gauge("temper_trials_live", "Trials under way or waiting for people.", "run"),
    waiting: gauge("temper_approvals_pending", "Questions that wait for people.", "run"),
    trials: counter(
      "temper_trials_total",
      "Trials: chosen ones that started a job, chosen ones answered from the cache, others.",
      "run",
      "kind",
    ),
    failed: counter("temper_trials_failed_total", "Trials that failed.", "run"),
    jobs: gauge("temper_jobs_live", "Jobs that are queued or run.", "run", "purpose"),
    deviceSeconds: counter("temper_device_seconds_total", "Device seconds used by jobs that have ended.", "run"),
    reserved: gauge("temper_device_seconds_reserved", "Device seconds that live jobs may still take: their p90.", "run"),
    llmCalls: counter("temper_llm_calls_total", "Calls of language models.", "run", "outcome"),
    llmTokens: counter("temper_llm_tokens_total", "Tokens read and written by language models.", "run", "direction"),
    llmUsd: counter("temper_llm_usd_total", "US dollars spent on language models.", "run"),
    devices: gauge("temper_devices", "Device slots of hosts that run jobs themselves.", "host", "kind", "state"),
  };
}

async function readRun(metrics: Metrics, store: Store, { id, config }: Run): Promise<void> {
  const run = { run: id };
  metrics.lanes.set(run, config.executor.lanes);
  metrics.budget.set(run, config.budget.trials);
  const counts = await store.trials.counts(id);
  metrics.live.set(run, counts.live);
  metrics.trials.inc({ ...run, kind: "chosen" }, counts.chosen);
  metrics.trials.inc({ ...run, kind: "cached" }, counts.chosenFromCache);
  metrics.trials.inc({ ...run, kind: "other" }, counts.other);
  metrics.failed.inc(run, counts.failed);
  metrics.waiting.set(run, (await store.approvals.list(id, "pending")).length);
  const spent = await store.jobs.spent(id);
  metrics.deviceSeconds.inc(run, spent.deviceSeconds);
  metrics.reserved.set(run, spent.reservedDeviceSeconds);
  const llm = await store.llmCalls.totals(id);
  metrics.llmCalls.inc({ ...run, outcome: "ok" }, llm.calls - llm.faults);
  metrics.llmCalls.inc({ ...run, outcome: "fault" }, llm.faults);
  metrics.llmTokens.inc({ ...run, direction: "input" }, llm.inputTokens);
  metrics.llmTokens.inc({ ...run, direction: "output" }, llm.outputTokens);
  metrics.llmUsd.inc(run, llm.usd);
}
