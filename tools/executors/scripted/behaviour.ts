import { readFile } from "node:fs/promises";
import { z } from "zod";
import { createRng } from "#src/policy/rng.ts";
import { parseContract } from "../../jobs/attempt-files.ts";
import type { Attempt } from "../executor.ts";
import { createLandscape, type Landscape } from "./landscape.ts";

/** What can go wrong with a scripted attempt. */
const faults = [
  "crash",
  "hang",
  "lose",
  "reject",
  "truncated-reply",
  "wrong-attempt",
  "unknown-keys",
  "diverge",
  "out-of-memory",
  "timeout",
  "disk-full",
  "broken-answers",
] as const;
export type Fault = (typeof faults)[number];

/** How scripted attempts turn out. */
export interface ScriptedBehaviour {
  landscape: Landscape;
  /** What goes wrong with this attempt, the n-th that this executor was given (from 1); null = nothing. */
  fault(attempt: Attempt, nth: number): Fault | null;
  /** Seconds that an attempt takes by the executor's clock. */
  seconds(attempt: Attempt): number;
}

/** The same as a JSON file, for `executor: { kind: scripted, script: FILE }`. */
const behaviourFileSchema = z.strictObject({
  seed: z.int().default(0),
  /** Standard deviation of scores over training seeds. */
  noise: z.number().nonnegative().default(0.01),
  seconds: z.number().nonnegative().default(0),
  /** Faults of single attempts, by their place in the order of submission, from 1. */
  at: z.record(z.string().regex(/^[1-9]\d*$/), z.enum(faults)).default({}),
  /** Share of attempts that each fault hits, drawn from the seed and the attempt id. */
  rates: z.partialRecord(z.enum(faults), z.number().min(0).max(1)).default({}),
});

/** Behaviour with the parts that a test cares about; the rest works and takes no time. */
export function createBehaviour(parts: Partial<ScriptedBehaviour> = {}): ScriptedBehaviour {
  return { landscape: parts.landscape ?? createLandscape(), fault: parts.fault ?? (() => null), seconds: parts.seconds ?? (() => 0) };
}

/** Reads a behaviour file. @throws ContractError naming the file and what is wrong in it. */
export async function readBehaviour(file: string): Promise<ScriptedBehaviour> {
  const { seed, noise, seconds, at, rates } = parseContract(await readFile(file), behaviourFileSchema, file);
  return {
    landscape: createLandscape({ seed, noise }),
    seconds: () => seconds,
    fault: (attempt, nth) => {
      let draw = createRng(seed, "fault", attempt.id).uniform();
      const drawn = faults.find((fault) => (draw -= rates[fault] ?? 0) < 0);
      return at[String(nth)] ?? drawn ?? null;
    },
  };
}
