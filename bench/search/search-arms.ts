import { join } from "node:path";
import { availableParallelism } from "node:os";
import { inWorld } from "#src/config/in-world.ts";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import { atMost } from "#src/at-most.ts";
import type { BenchContext } from "../bench.ts";
import { type ArmName, openArm } from "./arms/open-arm.ts";
import { Lab } from "#tools/lab/lab.ts";
import { RecordFile } from "#src/search/record-file.ts";
import type { RunRecord } from "#src/search/run-record.ts";
import { type ReadingPoints, runSearch } from "#src/search/run-search.ts";
import { withRules } from "#src/search/search-run.ts";
import { openLabWorld } from "#tools/lab/lab-world.ts";

export interface SearchPlan {
  /** Part of a record's identity: runs of another budget are other runs. */
  experiment: string;
  /** `three-skills.yaml`. */
  example: string;
  arms: readonly ArmName[];
  worlds: readonly number[];
  trials: number;
  /** Cap on training steps that the run knows of: `budget.steps`. */
  steps?: number;
  points: ReadingPoints;
}

/** Directory that trainings and finished runs of the search benchmarks are kept in. A smoke run keeps nothing. */
export function searchCache({ options, root, scratch, smoke }: BenchContext): string {
  return options.cache ?? (smoke ? scratch : join(root, ".cache/search"));
}

/** Every arm in every world of the tiny world with real trainings, each run once: what is in the cache is not run again. */
export function searchArms(context: BenchContext, plan: SearchPlan): Promise<RunRecord[]> {
  return searchPlans(context, [plan]);
}

/** The same for several plans: world by world, so that an ended benchmark has whole worlds to compare. */
export async function searchPlans(context: BenchContext, plans: readonly SearchPlan[]): Promise<RunRecord[]> {
  const { root, print, options } = context;
  const cache = searchCache(context);
  const file = new RecordFile(join(cache, "runs.jsonl"));
  const lanes = options.lanes ?? Math.min(4, availableParallelism());
  const turn = atMost(lanes);
  const wanted = plans
    .flatMap((plan) => plan.worlds.flatMap((world) => plan.arms.map((arm) => ({ plan, world, arm }))))
    .toSorted((a, b) => a.world - b.world);
  const find = ({ plan, world, arm }: (typeof wanted)[number]) => file.find(plan.experiment, arm, world);
  const known = wanted.flatMap((run) => find(run) ?? []);
  if (known.length > 0) print(`${known.length} of ${wanted.length} runs are known from before`);
  const missing = wanted.filter((run) => find(run) === null);
  if (missing.length === 0) return known;
  const lab = new Lab({ python: join(root, ".venv/bin/python"), home: cache, lanes });
  const worlds = new Map<string, ReturnType<typeof openLabWorld>>();
  const openWorld = async ({ example, steps }: SearchPlan, world: number) => {
    const config = await loadRunConfig(join(root, "examples", example));
    const capped = steps === undefined ? config : { ...config, budget: { ...config.budget, steps } };
    return openLabWorld({ cache, config: inWorld(capped, world), seed: world, lab });
  };
  const worldOf = (plan: SearchPlan, world: number) => {
    const name = [plan.example, plan.steps, world].join();
    const opened = worlds.get(name) ?? openWorld(plan, world);
    worlds.set(name, opened);
    return opened;
  };
  const runOne = async ({ plan, world: worldNumber, arm: armName }: (typeof wanted)[number]): Promise<RunRecord> => {
    const world = await worldOf(plan, worldNumber);
    const arm = await openArm(armName, { config: world.config, root, seed: worldNumber });
    try {
      const { experiment, trials, points } = plan;
      const started = performance.now();
      const record = await runSearch({ experiment, arm: armName, worldNumber, world, roles: withRules(arm.policy), trials, points });
      file.add(record);
      const last = record.readings.map(({ at, final }) => `${at} ${final.toFixed(3)}`).join(", ");
      print(`world ${worldNumber}, ${armName}: final at ${last} (${Math.round((performance.now() - started) / 1000)} s)`);
      return record;
    } finally {
      await arm.close();
    }
  };
  try {
    const made = await Promise.all(missing.map((run) => turn(() => runOne(run))));
    return [...known, ...made];
  } finally {
    await lab.close();
  }
}

/** The first so many worlds: those of the target, or as many as were asked for. */
export function worldsOf({ options, smoke }: BenchContext, target: number): number[] {
  return Array.from({ length: smoke ? 1 : (options.worlds ?? target) }, (_, world) => world);
}
