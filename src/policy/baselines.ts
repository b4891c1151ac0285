import { actionTypes } from "../action/action-types.ts";
import { type Action, fullFidelity, type Setting } from "../action/action.ts";
import { canonicalAction } from "../action/canonical-action.ts";
import { ChoiceSpace } from "../action/choice-space.ts";
import { flattenSearch } from "../action/setting-space.ts";
import { taskVectorGroup } from "../action/types/merging.ts";
import type { RunConfig } from "../config/run-config.ts";
import type { PoolDataset, PoolModel } from "../pool/objects.ts";
import { takesDataset } from "./training-groups.ts";

/** Names of the fixed baselines, as trials carry them. */
type BaselineLabel = "single" | "sft_all" | "sft_all_compute" | "ties_grid" | "noise";

/** A fixed trial that every run is measured against. */
export interface Baseline {
  label: BaselineLabel;
  action: Action;
}

/** A baseline that was made, with its aggregate score. */
export interface MadeBaseline {
  model: PoolModel;
  action: Action;
  aggregate: number;
}

/** Densities of the TIES grid when the run does not search over them itself. */
const usualDensities = [0.5, 0.8];
/** Beside the merge of all singles, so many of the best are merged: all of them include those that do harm. */
const bestSingles = 3;

/**
 * Baselines that need no other model first, for each base: one full SFT on each dataset, SFT on all datasets, and SFT on
 * all datasets with several times the steps. Empty for a run that has no SFT or wants no baselines.
 */
export function baselineActions(config: RunConfig, datasets: readonly PoolDataset[], bases: readonly PoolModel[]): Baseline[] {
  const { baselines } = config;
  const usable = datasets.filter((dataset) => takesDataset("sft", dataset));
  const setting = longestSetting(config, usable);
  if (baselines === false || setting === null || usable.length === 0) return [];
  const all = usable.slice(0, mostDatasets()).map((dataset) => dataset.id);
  return bases.flatMap(({ id }): Baseline[] => {
    const sft = (label: BaselineLabel, ids: string[], chosen: Setting): Baseline => ({
      label,
      action: canonicalAction({ type: "sft", models: [id], datasets: ids, setting: chosen, seed: 0, fidelity: fullFidelity }),
    });
    const made: Baseline[] = [];
    if (baselines.singles) made.push(...usable.map((dataset) => sft("single", [dataset.id], setting)));
    if (all.length < 2) return made;
    if (baselines.sft_all) made.push(sft("sft_all", all, setting));
    if (baselines.sft_all_compute !== null) made.push(sft("sft_all_compute", all, longer(setting, baselines.sft_all_compute)));
    return made;
  });
}

/**
 * TIES merges of the models that single SFTs made, at each density: of all of them, and of the three best.
 * Models that share no base are merged apart. Empty when fewer than two were made.
 */
export function tiesGridActions(config: RunConfig, singles: readonly MadeBaseline[]): Baseline[] {
  if (config.baselines === false || !config.baselines.ties_grid) return [];
  const groups = new Map<string, MadeBaseline[]>();
  for (const single of singles) {
    const group = taskVectorGroup(single.model);
    if (group !== null) groups.set(group, [...(groups.get(group) ?? []), single]);
  }
  return [...groups.values()].flatMap((group) => {
    const ranked = group.toSorted((a, b) => b.aggregate - a.aggregate).map(({ model }) => model.id);
    return gridSizes(ranked.length).flatMap((size) => densities(config).map((density) => tiesOf(ranked.slice(0, size), density)));
  });
}

/** How many of so many singles are merged: all that a merge takes, and the best few. */
export function gridSizes(singles: number): number[] {
  const most = actionTypes.merge_ties.slots[0]?.max ?? bestSingles;
  return [...new Set([Math.min(most, singles), Math.min(bestSingles, singles)])].filter((size) => size >= 2);
}

/** The best single SFT, or SFT on all where there are no singles, trained again with the seeds 1, 2, …: what measures the noise. */
export function noiseRepeats(config: RunConfig, made: readonly MadeBaseline[]): Baseline[] {
  if (config.baselines === false) return [];
  const trained = made.filter(({ action }) => action.type === "sft" && action.seed === 0);
  const singles = trained.filter(({ action }) => action.datasets.length === 1);
  const [best] = (singles.length > 0 ? singles : trained).toSorted((a, b) => b.aggregate - a.aggregate);
  if (best === undefined) return [];
  return Array.from({ length: config.baselines.noise_repeats }, (_, index) => ({
    label: "noise",
    action: { ...best.action, seed: index + 1 },
  }));
}

/** The run's longest SFT setting, ranges at their middle; of equals the first. Null when the run has no SFT. */
function longestSetting(config: RunConfig, datasets: readonly PoolDataset[]): Setting | null {
  const settings = new ChoiceSpace(config).settings("sft");
  const steps = (setting: Setting) => actionTypes.sft.cost([], datasets, setting).steps;
  return settings.reduce<Setting | null>(
    (longest, setting) => (longest === null || steps(setting) > steps(longest) ? setting : longest),
    null,
  );
}

/** The same training with so many times the steps. */
function longer(setting: Setting, times: number): Setting {
  const { max_steps: steps, num_train_epochs: epochs } = setting;
  if (typeof steps === "number" && steps > 0) return { ...setting, max_steps: Math.round(steps * times) };
  return { ...setting, num_train_epochs: (typeof epochs === "number" ? epochs : 1) * times };
}

function mostDatasets(): number {
  return actionTypes.sft.slots.find((slot) => slot.kind === "dataset")?.max ?? 1;
}

/** Densities of the TIES grid: those that the run searches over, or the usual ones. */
export function densities(config: RunConfig): number[] {
  const search = config.actions.merge_ties;
  const value = search === undefined ? undefined : flattenSearch(search).get("density");
  const choices = Array.isArray(value) ? value.filter((density) => typeof density === "number") : [];
  return choices.length > 0 ? choices : usualDensities;
}

/** One merge of the grid. */
export function tiesOf(models: string[], density: number): Baseline {
  const setting = actionTypes.merge_ties.settingSchema.parse({ density });
  return {
    label: "ties_grid",
    action: canonicalAction({ type: "merge_ties", models, datasets: [], setting, seed: 0, fidelity: fullFidelity }),
  };
}
