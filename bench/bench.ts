import type { JSONValue } from "./json.ts";

/** What a person may say on the command line beside the benchmark's name; null where nothing was said. */
export interface BenchOptions {
  /** Material of one's own that some benchmarks need: `--model DIR`, `--data DIR`. */
  model: string | null;
  data: string | null;
  /** A part of a long benchmark: so many worlds (`--worlds N`). A part is never recorded as the benchmark's result. */
  worlds: number | null;
  /** Trainings at the same time (`--lanes N`). */
  lanes: number | null;
  /** Runs of the recorded result count as they are, and only those that it lacks are measured (`--extend`, search-cost). */
  extend: boolean;
  /** Where a benchmark that resumes keeps what it has (`--cache DIR`, or TEMPER_BENCH_CACHE). */
  cache: string | null;
}

/** What a benchmark gets. */
export interface BenchContext {
  /** The short form that tests run: same code, small numbers. */
  smoke: boolean;
  /** Trainings from nothing, not from the key cache. */
  fresh: boolean;
  options: BenchOptions;
  /** An empty directory for this run of the benchmark; removed when it passes. */
  scratch: string;
  /** The project's root. */
  root: string;
  /** Prints a line of progress. */
  print(line: string): void;
}

/** What a benchmark measured. */
export interface BenchResult {
  value: number | null;
  unit: string;
  /** What is asked for, in words with the number: `<= 240 s`. */
  target: string;
  /** null when the machine lacks what the benchmark needs (say what in `details.lacks`). */
  pass: boolean | null;
  details: Record<string, JSONValue>;
}

/** A figure of Temper's that anybody can measure afresh with `npm run bench -- NAME`. One file each, exported as `bench`. */
export interface Bench {
  name: string;
  /** One line: what is measured. */
  describe: string;
  run(context: BenchContext): Promise<BenchResult>;
}
