import { weigh } from "#src/memory/experience.ts";
import { type FoundPipeline, foundPipelines, topPipelines } from "#src/paper/pipelines.ts";
import type { ResultOf } from "#src/paper/results.ts";
import { createRng } from "#src/policy/rng.ts";
import { taskWeights } from "#src/score/aggregate.ts";
import type { RunRecord } from "#src/search/run-record.ts";
import type { ArmPolicy } from "./open-roles.ts";
import { splitPolicies } from "./experiments.ts";
import type { PaperConfig, PaperLab } from "./paper-lab.ts";
import { readPipeline } from "./rows.ts";
import { shortRun } from "./short-run.ts";

/** What is searched at, and its doubles: all data at last. */
const shares = [0.25, 0.5, 1];

/** How many pipelines are made again. */
export interface DataSizeSize {
  top: number;
  random: number;
}

export const usualDataSize: DataSizeSize = { top: 5, random: 5 };

type Chosen = FoundPipeline & { kind: "top" | "random" };

/** The top pipelines, and random ones of the others, drawn by the seed. */
function choose(record: RunRecord, { top, random }: DataSizeSize): Chosen[] {
  const found = foundPipelines([record]);
  const best = topPipelines(found, top);
  const others = found.filter((each) => !best.includes(each));
  const drawn = createRng(record.world, "random pipelines").shuffle(others).slice(0, random);
  return [...best.map((each) => ({ ...each, kind: "top" as const })), ...drawn.map((each) => ({ ...each, kind: "random" as const }))];
}

/** Data-size scaling: a search on little data; its top and random pipelines on that and on more. */
export async function runDataSize(
  lab: PaperLab,
  of: PaperConfig,
  { policies, size = usualDataSize }: { policies: readonly ArmPolicy[]; size?: DataSizeSize | undefined },
): Promise<ResultOf<"data-size">> {
  const [policy = "lookahead"] = splitPolicies(of, policies).run;
  const [searched = 1] = shares;
  const records = await lab.search({ of, policy, dataShare: searched });
  const weights = Object.fromEntries(taskWeights(of.config, []).map(({ task, weight }) => [task, weight]));
  const remake = async (record: RunRecord) => {
    const chosen = choose(record, size);
    const pipelines: ResultOf<"data-size">["seeds"][number]["pipelines"] = [];
    for (const { kind, search, steps } of chosen) {
      const finals: (number | null)[] = [];
      for (const dataShare of shares) {
        const world = await lab.world(of, record.world, { dataShare });
        const read = await readPipeline(world, record.world, steps);
        finals.push("final" in read ? weigh(read.final, weights) : null);
      }
      pipelines.push({ kind, search, steps, finals });
    }
    lab.options.print(`data-size, seed ${record.world}: ${pipelines.length} pipelines at ${shares.join(", ")} of the data`);
    return { seed: record.world, pipelines };
  };
  const bySeed = new Map(records.map((record) => [record.world, record]));
  const seeds = await lab.ofSeeds(async (seed) => {
    const record = bySeed.get(seed);
    return record === undefined ? [] : [await remake(record)];
  });
  const basis = lab.basis(of, await lab.world(of, lab.options.seeds[0] ?? 0));
  return { part: "data-size", basis, shares, runs: records.map(shortRun), seeds: seeds.flat() };
}
