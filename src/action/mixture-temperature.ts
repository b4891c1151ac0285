import type { Setting } from "./action.ts";

/** The setting that says how the datasets of one training are weighted against each other. */
export const mixtureTemperature = "mixture_temperature";

/**
 * Shares of a mixture by temperature-scaled mixing: a dataset of n rows counts n^(1/T) (T5, arXiv 1910.10683, section 3.5.2).
 * 1 = as many as there are; towards infinity all datasets count alike, however small.
 * @returns one share for each dataset; they sum to 1.
 */
export function mixtureShares(rows: readonly number[], setting: Setting): number[] {
  const temperature = setting[mixtureTemperature];
  const masses = typeof temperature === "number" ? rows.map((count) => count ** (1 / temperature)) : [...rows];
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return masses.map((mass) => (total === 0 ? 1 / rows.length : mass / total));
}

/** How often a row of each dataset is seen, relative to the other datasets' rows: 1 for all at temperature 1. */
export function rowWeights(rows: readonly number[], setting: Setting): number[] {
  const temperature = setting[mixtureTemperature];
  return rows.map((count) => (typeof temperature === "number" ? count ** (1 / temperature - 1) : 1));
}

/** The setting without its temperature. The same object where it has none. */
export function withoutTemperature(setting: Setting): Setting {
  if (!(mixtureTemperature in setting)) return setting;
  return Object.fromEntries(Object.entries(setting).filter(([name]) => name !== mixtureTemperature));
}

/** The setting of an action on so many datasets: fewer than two need no weighting. */
export function settingFor(datasets: number, setting: Setting): Setting {
  return datasets < 2 ? withoutTemperature(setting) : setting;
}
