import { join } from "node:path";
import { availableParallelism } from "node:os";
import { atMost } from "#graphs/conductor/at-most.ts";
import type { BenchContext } from "../bench.ts";
import { type ArmName, openArm } from "./arms/open-arm.ts";
import { Lab } from "./lab.ts";
import { RecordFile } from "./record-file.ts";
import type { RunRecord } from "./run-record.ts";
import { type ReadingPoints, runSearch } from "./run-search.ts";
import { openTinyWorld } from "./tiny-world.ts";

export interface SearchPlan {
  /** Part of a record's identity: runs of another budget are other runs. */
  experiment: string;
  /** `three-skills.yaml`. */
  example: string;
  arms: readonly ArmName[];
  worlds: readonly number[];
  trials: number;
  points: ReadingPoints;
}

/** Directory that trainings and finished runs of the search benchmarks are kept in. A smoke run keeps nothing. */
export function searchCache({ options, root, scratch, smoke }: BenchContext): string {
  return options.cache ?? (smoke ? scratch : join(root, ".cache/search"));
}

/**
 * Every arm in every world of the tiny world with real trainings, each run once: what is in the cache is not run again.
 * World by world, so that an ended benchmark has whole worlds to compare.
 */
export async function searchArms(context: BenchContext, plan: SearchPlan): Promise<RunRecord[]> {
  const { root, print, options } = context;
  const cache = searchCache(context);
  const file = new RecordFile(join(cache, "runs.jsonl"));
  const lanes = options.lanes ?? Math.min(4, availableParallelism());
  const turn = atMost(lanes);
  const wanted = plan.worlds.flatMap((world) => plan.arms.map((arm) => ({ world, arm })));
  const known = wanted.flatMap(({ world, arm }) => file.find(plan.experiment, arm, world) ?? []);
  if (known.length > 0) print(`${known.length} of ${wanted.length} runs are known from before`);
  const missing = wanted.filter(({ world, arm }) => file.find(plan.experiment, arm, world) === null);
  if (missing.length === 0) return known;
  const lab = new Lab(root, lanes);
  const worlds = new Map<number, ReturnType<typeof openTinyWorld>>();
  const worldOf = (world: number) => {
    const opened = worlds.get(world) ?? openTinyWorld({ root, cache, example: plan.example, world, lab });
    worlds.set(world, opened);
    return opened;
  };
  const runOne = async (worldNumber: number, armName: ArmName): Promise<RunRecord> => {
    const world = await worldOf(worldNumber);
    const arm = await openArm(armName, { config: world.config, root, seed: worldNumber });
    try {
      const { experiment, trials, points } = plan;
      const started = performance.now();
      const record = await runSearch({ experiment, arm: armName, worldNumber, world, policy: arm.policy, trials, points });
      file.add(record);
      const last = record.readings.map(({ at, final }) => `${at} ${final.toFixed(3)}`).join(", ");
      print(`world ${worldNumber}, ${armName}: final at ${last} (${Math.round((performance.now() - started) / 1000)} s)`);
      return record;
    } finally {
      await arm.close();
    }
  };
  try {
    const made = await Promise.all(missing.map(({ world, arm }) => turn(() => runOne(world, arm))));
    return [...known, ...made];
  } finally {
    await lab.close();
  }
}

/** The first so many worlds: those of the target, or as many as were asked for. */
export function worldsOf({ options, smoke }: BenchContext, target: number): number[] {
  return Array.from({ length: smoke ? 1 : (options.worlds ?? target) }, (_, world) => world);
}
