import { foundPipelines, topPipelines } from "#src/paper/pipelines.ts";
import type { ResultOf } from "#src/paper/results.ts";
import type { ArmPolicy } from "./open-roles.ts";
import { splitPolicies } from "./experiments.ts";
import type { PaperConfig, PaperLab } from "./paper-lab.ts";
import { gatherRows, readPipeline } from "./rows.ts";

const drawn = 3;

/** Fig. 3: the best pipelines of the first policy's searches, made again under seeds that they were not found under. */
export async function runFigureThree(lab: PaperLab, of: PaperConfig, policies: readonly ArmPolicy[]): Promise<ResultOf<"figure-3">> {
  const { seeds } = lab.options;
  const [policy = "lookahead"] = splitPolicies(of, policies).run;
  const top = topPipelines(foundPipelines(await lab.search({ of, policy })), drawn);
  // One seed more than asked for, so that without a pipeline's own as many are left.
  const remade = [...seeds, Math.max(...seeds) + 1];
  const pipelines: ResultOf<"figure-3">["pipelines"] = [];
  for (const [index, { seed: own, model, search, steps }] of top.entries()) {
    const label = `Top-${index + 1}`;
    const others = remade.filter((seed) => seed !== own);
    const parts = await lab.ofSeeds(async (seed) => {
      const read = await readPipeline(await lab.world(of, seed), seed, steps);
      return { id: label, label, kind: "search" as const, read };
    }, others);
    const [again] = gatherRows(parts);
    if (again !== undefined) pipelines.push({ found: { seed: own, model, search }, steps, again });
  }
  return { part: "figure-3", basis: lab.basis(of, await lab.world(of, seeds[0] ?? 0), remade), pipelines };
}

/** Fig. 5: scores of every search's trials, in order. */
export async function runFigureFive(lab: PaperLab, of: PaperConfig, policies: readonly ArmPolicy[]): Promise<ResultOf<"figure-5">> {
  const arms: ResultOf<"figure-5">["arms"] = [];
  for (const policy of splitPolicies(of, policies).run) {
    const records = await lab.search({ of, policy });
    arms.push({
      arm: policy,
      runs: records.map(({ world, trials }) => ({ seed: world, scores: trials.map(({ aggregate }) => aggregate) })),
    });
  }
  return { part: "figure-5", basis: lab.basis(of, await lab.world(of, lab.options.seeds[0] ?? 0)), arms };
}
