import { actionTypes } from "../../action/action-types.ts";
import type { ActionTypeName, Setting, SettingValue } from "../../action/action.ts";
import type { ActionSpace, Dimension } from "../../action/space.ts";
import type { PoolDataset } from "../../pool/objects.ts";

/** One more feature of a setting, such as its learning rate: −1 … 1 over what the run allows. */
interface SettingFeature {
  name: string;
  read(setting: Setting): number;
}

/** Settings that say how long a training is; they are counted as steps, not as features. */
const lengthNames = new Set(["max_steps", "num_train_epochs"]);
/** From here on a positive hyper-parameter is read on a log scale. */
const logRatio = 4;

/** How the settings of one training type read as numbers: length relative to the longest, and everything else that varies. */
export class SettingScale {
  readonly features: readonly SettingFeature[];
  readonly #type: ActionTypeName;
  readonly #settings: readonly Setting[];
  readonly #longest = new Map<string, number>();

  constructor(space: ActionSpace, type: ActionTypeName, dimensions: readonly Dimension[]) {
    this.#type = type;
    this.#settings = space.settings(type, 1);
    const names = new Set(this.#settings.flatMap((setting) => Object.keys(setting)));
    this.features = [...names]
      .filter((name) => !lengthNames.has(name))
      .flatMap((name) =>
        featuresOf(
          name,
          this.#settings,
          dimensions.find((dimension) => dimension.setting === name),
        ),
      );
  }

  /** Steps of a training relative to the longest setting on the same data: 1 is the run's full training. */
  relativeSteps(setting: Setting, datasets: readonly PoolDataset[], stepsFidelity: number): number {
    const longest = this.#longestOn(datasets);
    return longest === 0 ? stepsFidelity : (this.#steps(setting, datasets) / longest) * stepsFidelity;
  }

  /** Settings with the longest training: what cold start and rollouts use. */
  full(settings: readonly Setting[], dataset: PoolDataset): Setting[] {
    const longest = this.#longestOn([dataset]);
    return settings.filter((setting) => this.#steps(setting, [dataset]) >= longest * 0.999);
  }

  #longestOn(datasets: readonly PoolDataset[]): number {
    const key = datasets.map((dataset) => dataset.id).join("\n");
    const known = this.#longest.get(key);
    if (known !== undefined) return known;
    const longest = Math.max(0, ...this.#settings.map((setting) => this.#steps(setting, datasets)));
    this.#longest.set(key, longest);
    return longest;
  }

  #steps(setting: Setting, datasets: readonly PoolDataset[]): number {
    const fixed = setting["max_steps"];
    return typeof fixed === "number" && fixed > 0 ? fixed : actionTypes[this.#type].cost([], datasets, setting).steps;
  }
}

function featuresOf(name: string, settings: readonly Setting[], dimension: Dimension | undefined): SettingFeature[] {
  const values = settings.map((setting) => setting[name] ?? null);
  const numbers = values.filter((value) => typeof value === "number");
  if (dimension === undefined && numbers.length < values.length) return categories(name, values);
  const low = dimension?.min ?? Math.min(...numbers);
  const high = dimension?.max ?? Math.max(...numbers);
  if (!(high > low)) return [];
  const isLog = dimension === undefined ? low > 0 && high / low >= logRatio : dimension.scale === "log";
  const scale = (value: number) => (isLog ? Math.log(value) : value);
  const middle = (scale(low) + scale(high)) / 2;
  const half = (scale(high) - scale(low)) / 2;
  return [
    {
      name,
      read: (setting) => {
        const value = setting[name];
        return typeof value === "number" ? (scale(value) - middle) / half : 0;
      },
    },
  ];
}

/** Words, switches and optional numbers: one feature for each value but the first. */
function categories(name: string, values: readonly SettingValue[]): SettingFeature[] {
  const distinct = [...new Set(values.map((value) => JSON.stringify(value)))];
  return distinct.slice(1).map((text) => ({
    name: `${name} = ${text}`,
    read: (setting) => (JSON.stringify(setting[name] ?? null) === text ? 1 : 0),
  }));
}
