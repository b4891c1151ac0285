import type { RunConfig } from "#src/config/run-config.ts";
import { baselineActions } from "#src/policy/baselines.ts";
import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";

/** Sizes of merge in the TIES grid: all single SFTs, and the best few. */
const gridSizes = 2;

/** About how many trials a run does before it chooses: exact but for the TIES grid, which depends on what the singles made. */
export function plannedBaselines(config: RunConfig, datasets: readonly PoolDataset[], bases: readonly PoolModel[]): number {
  if (config.baselines === false) return 0;
  const trainings = baselineActions(config, datasets, bases).length;
  if (trainings === 0) return 0;
  const density = config.actions.merge_ties?.["density"];
  const densities = Array.isArray(density) ? density.length : 2;
  return trainings + config.baselines.noise_repeats + (config.baselines.ties_grid ? gridSizes * densities : 0);
}
