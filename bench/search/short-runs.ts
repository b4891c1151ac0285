import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { shortRun } from "#graphs/paper/short-run.ts";
import { runSchema } from "#src/paper/results.ts";
import { readingSchema, type RunRecord } from "#src/search/run-record.ts";

const decimals = 1e4;

const shortRunSchema = runSchema.extend({ world: z.int(), readings: z.array(readingSchema) });
/** A run as a result keeps it: every seed, world, decision and score, with actions as sentences and four decimals. */
export type ShortRun = z.infer<typeof shortRunSchema>;

/** Runs as a result keeps them. */
export function shortRuns(records: readonly RunRecord[]): ShortRun[] {
  return records.map((record) => {
    const run = { ...shortRun(record), world: record.world, readings: record.readings };
    const rounded = JSON.stringify(run, (_, value: unknown) =>
      typeof value === "number" ? Math.round(value * decimals) / decimals : value,
    );
    return shortRunSchema.parse(JSON.parse(rounded));
  });
}

const partSchema = z.strictObject({ worlds: z.array(z.int()), date: z.string(), cpu: z.string() });
/** Worlds that were measured in one go: a result may be of several machines. */
type Part = z.infer<typeof partSchema>;

const resultSchema = z.looseObject({
  date: z.string(),
  machine: z.looseObject({ cpu: z.string() }),
  details: z.looseObject({ parts: z.array(partSchema).default([]) }),
});

/** The runs of a benchmark's recorded result, and when and on what they were measured. @returns no runs where nothing was recorded. @throws ZodError when the record is not one of such a benchmark. */
export function recordedRuns(root: string, name: string): { runs: ShortRun[]; parts: Part[] } {
  const directory = join(root, "bench/results");
  const file = join(directory, `${name}.json`);
  if (!existsSync(file)) return { runs: [], parts: [] };
  const { date, machine, details } = resultSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const lines = readFileSync(join(directory, "runs", `${name}.jsonl`), "utf8")
    .trim()
    .split("\n");
  const runs = lines.map((line) => shortRunSchema.parse(JSON.parse(line)));
  const here = { worlds: [...new Set(runs.map(({ world }) => world))], date, cpu: machine.cpu };
  return { runs, parts: details.parts.length > 0 ? details.parts : [here] };
}
