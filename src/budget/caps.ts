import { plannedSteps } from "../action/planned-steps.ts";
import type { Run, Store } from "../store/store.ts";

const secondsPerHour = 3600;
const bytesPerGb = 1e9;

/** A limit of `budget`, by its name there. */
export type CapName = "trials" | "steps" | "device_hours" | "usd" | "llm_usd" | "llm_tokens" | "disk_gb";

/** How much of a limit is gone. `reserved` is what live jobs may still take: their p90. */
export interface Cap {
  name: CapName;
  limit: number;
  spent: number;
  reserved: number;
}

/**
 * The run's caps as they stand; those that the config leaves out are not listed. `usd` counts devices and language
 * models together, `llm_usd` only the latter. `disk_gb` is listed when the caller measured the disk.
 */
export async function readCaps(store: Store, run: Pick<Run, "id" | "config">, diskBytes?: number): Promise<Cap[]> {
  const { budget } = run.config;
  const [counts, spent, llm] = [await store.trials.counts(run.id), await store.jobs.spent(run.id), await store.llmCalls.totals(run.id)];
  const hours = { spent: spent.deviceSeconds / secondsPerHour, reserved: spent.reservedDeviceSeconds / secondsPerHour };
  const price = budget.usd_per_device_hour;
  const caps: (Omit<Cap, "limit"> & { limit: number | undefined })[] = [
    { name: "trials", limit: budget.trials, spent: counts.chosen, reserved: 0 },
    { name: "steps", limit: budget.steps, ...(budget.steps === undefined ? { spent: 0, reserved: 0 } : await readSteps(store, run)) },
    { name: "device_hours", limit: budget.device_hours, ...hours },
    { name: "usd", limit: budget.usd, spent: hours.spent * price + llm.usd, reserved: hours.reserved * price },
    { name: "llm_usd", limit: budget.llm_usd, spent: llm.usd, reserved: 0 },
    { name: "llm_tokens", limit: budget.llm_tokens, spent: llm.inputTokens + llm.outputTokens, reserved: 0 },
    { name: "disk_gb", limit: diskBytes === undefined ? undefined : budget.disk_gb, spent: (diskBytes ?? 0) / bytesPerGb, reserved: 0 },
  ];
  return caps.flatMap((cap) => (cap.limit === undefined ? [] : [{ ...cap, limit: cap.limit }]));
}

/** Optimiser steps of the chosen trials: those done, and those that trials with a job are to do. */
async function readSteps(store: Store, run: Pick<Run, "id">): Promise<Pick<Cap, "spent" | "reserved">> {
  const datasets = await store.objects.datasets(run.id);
  let reserved = 0;
  for (const { kind, number, action, steps } of await store.trials.live(run.id)) {
    if (kind !== "chosen" || steps > 0 || (await store.jobs.ofTrial(run.id, number)).length === 0) continue;
    reserved += plannedSteps(action, datasets);
  }
  return { spent: await store.trials.chosenSteps(run.id), reserved };
}

/** What is left of a cap, never below 0. */
export function leftOf(cap: Cap): number {
  return Math.max(0, cap.limit - cap.spent - cap.reserved);
}
