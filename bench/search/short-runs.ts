import { shortRun } from "#graphs/paper/short-run.ts";
import type { RunRecord } from "#src/search/run-record.ts";
import type { BenchResult } from "../bench.ts";

const decimals = 1e4;

/** Runs as a result file keeps them: every seed, world, decision and score, with actions as sentences and four decimals. */
export function shortRuns(records: readonly RunRecord[]): BenchResult["details"][string] {
  const runs = records.map((record) => ({ ...shortRun(record), world: record.world, readings: record.readings }));
  return JSON.parse(
    JSON.stringify(runs, (_, value: unknown) => (typeof value === "number" ? Math.round(value * decimals) / decimals : value)),
  );
}
