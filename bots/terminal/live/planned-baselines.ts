import type { RunConfig } from "#src/config/run-config.ts";
import { baselineActions } from "#src/policy/baselines.ts";
import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";

/** The TIES grid merges all single SFTs and the best few: one size where there are no more than these, none for a lone one. */
const bestSingles = 3;
const gridSizes = (singles: number) => (singles < 2 ? 0 : singles <= bestSingles ? 1 : 2);

/** How many trials a run does before it chooses, if all of them succeed. */
export function plannedBaselines(config: RunConfig, datasets: readonly PoolDataset[], bases: readonly PoolModel[]): number {
  if (config.baselines === false) return 0;
  const trainings = baselineActions(config, datasets, bases);
  if (trainings.length === 0) return 0;
  const density = config.actions.merge_ties?.["density"];
  const densities = Array.isArray(density) ? density.length : 2;
  const singlesOf = (base: PoolModel) => trainings.filter(({ label, action }) => label === "single" && action.models[0] === base.id).length;
  const merges = config.baselines.ties_grid ? bases.reduce((sum, base) => sum + gridSizes(singlesOf(base)) * densities, 0) : 0;
  return trainings.length + config.baselines.noise_repeats + merges;
}
