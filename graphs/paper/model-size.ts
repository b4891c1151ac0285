import { weigh } from "#src/memory/experience.ts";
import { type FoundPipeline, foundPipelines, describePipeline } from "#src/paper/pipelines.ts";
import type { ResultOf } from "#src/paper/results.ts";
import { taskWeights } from "#src/score/aggregate.ts";
import type { ArmPolicy } from "./open-roles.ts";
import { splitPolicies } from "./experiments.ts";
import type { PaperConfig, PaperLab } from "./paper-lab.ts";
import { readPipeline } from "./rows.ts";

/** What is made again on larger bases. */
export interface ModelSizeSize {
  pipelines: number;
  /** Longer ones are left out: a larger base pays for every action. */
  mostActions: number;
}

export const usualModelSize: ModelSizeSize = { pipelines: 8, mostActions: 4 };

/** So many of them, evenly spaced from the best to the worst by their search score. */
function spaced(found: readonly FoundPipeline[], count: number): FoundPipeline[] {
  const last = found.length - 1;
  const places = Array.from({ length: Math.min(count, found.length) }, (_, index) =>
    count < 2 ? 0 : Math.round((index * last) / (count - 1)),
  );
  return [...new Set(places)].flatMap((place) => found[Math.min(place, last)] ?? []);
}

/**
 * Model-size scaling: pipelines of experiment 1's searches on each base, the one that was searched first.
 * @param bases names of the config's models, small to large.
 */
export async function runModelSize(
  lab: PaperLab,
  of: PaperConfig,
  {
    policies,
    bases,
    size = usualModelSize,
  }: { policies: readonly ArmPolicy[]; bases: readonly string[]; size?: ModelSizeSize | undefined },
): Promise<ResultOf<"model-size">> {
  const { seeds, print } = lab.options;
  const { run } = splitPolicies(of, policies);
  const records = (await Promise.all(run.map((policy) => lab.search({ of, policy })))).flat();
  const short = foundPipelines(records).filter(({ steps }) => steps.length <= size.mostActions);
  const chosen = spaced(short, size.pipelines);
  const weights = Object.fromEntries(taskWeights(of.config, []).map(({ task, weight }) => [task, weight]));
  const reads: ResultOf<"model-size">["reads"] = [];
  const lacks: string[] = [];
  for (const base of bases) {
    const made = await lab.ofSeeds(async (seed) => {
      const world = await lab.world(of, seed, { base });
      const own: { pipeline: number; size: string; seed: number; final: number }[] = [];
      for (const [pipeline, { steps }] of chosen.entries()) {
        const read = await readPipeline(world, seed, steps);
        if ("final" in read) own.push({ pipeline, size: base, seed, final: weigh(read.final, weights) });
        else
          lacks.push(
            `P${pipeline + 1} (${describePipeline(steps)}) failed on ${base} under seed ${seed}: ${read.reason.replaceAll("_", " ")}.`,
          );
      }
      print(`model-size, ${base}, seed ${seed}: ${own.length} of ${chosen.length} pipelines`);
      return own;
    });
    reads.push(...made.flat());
  }
  const [first = ""] = bases;
  return {
    part: "model-size",
    basis: lab.basis(of, await lab.world(of, seeds[0] ?? 0, { base: first })),
    sizes: [...bases],
    lacks,
    pipelines: chosen.map(({ steps }, index) => ({ label: `P${index + 1}`, steps })),
    reads,
  };
}
