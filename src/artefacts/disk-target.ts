import type { Run } from "../store/store.ts";

/** What a home may take by the tightest `budget.disk_gb` of the runs that are going on, in bytes; null without one. */
export function diskTarget(runs: readonly Pick<Run, "state" | "config">[]): number | null {
  const going = runs.filter(({ state }) => state === "running" || state === "paused" || state === "stopping");
  const limits = going.flatMap(({ config }) => config.budget.disk_gb ?? []);
  return limits.length === 0 ? null : Math.min(...limits) * 1e9;
}
