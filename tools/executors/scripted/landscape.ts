import { createRng } from "#src/policy/rng.ts";

/** A training, as far as a landscape cares. `parent` is the parent's skill at the task. */
interface Training {
  key: string;
  parent: number;
  /** Dataset keys. */
  datasets: readonly string[];
  steps: number;
  isPreference: boolean;
}

/** A merge, as far as a landscape cares. `parents` are their skills at the task. */
interface Merging {
  key: string;
  parents: readonly number[];
  weights: readonly number[];
}

/**
 * A made-up world in which actions have lasting, learnable effects, so that a search on it means something. A skill
 * is a model's chance of a right answer at one task, in [0, 1].
 */
export interface Landscape {
  base(key: string, task: string): number;
  train(training: Training, task: string): number;
  merge(merging: Merging, task: string): number;
  /**
   * Outcome of each item: 1 right, 0 wrong. Items have difficulties of their own, so that models can be compared in pairs.
   * @param itemsKey Names the items: one split of one task.
   */
  outcomes(skill: number, modelKey: string, itemsKey: string, items: number): number[];
}

/** Steps after which a dataset has taught nearly all that it can. */
const fullSteps = 80;

/**
 * A dataset lifts some tasks and makes the model forget a part of others; preference data teaches less and forgets
 * nothing; several datasets at once disturb each other. A merge lies above the weighted mean, towards the better
 * parent. All of it follows from the seed and the objects' keys.
 * @param noise Standard deviation of what the training seed (part of the key) changes.
 */
export function createLandscape({ seed = 0, noise = 0.01 }: { seed?: number; noise?: number } = {}): Landscape {
  const effects = new Map<string, { lift: number; forget: number }>();
  const difficulties = new Map<string, Float64Array>();

  function effect(dataset: string, task: string) {
    const name = `${dataset} ${task}`;
    const known = effects.get(name);
    if (known !== undefined) return known;
    const rng = createRng(seed, "effect", dataset, task);
    const drawn =
      rng.uniform() < 0.4 ? { lift: 0.3 + 0.4 * rng.uniform(), forget: 0 } : { lift: 0.1 * rng.uniform(), forget: 0.3 * rng.uniform() };
    effects.set(name, drawn);
    return drawn;
  }

  function difficulty(itemsKey: string, items: number): Float64Array {
    const known = difficulties.get(itemsKey);
    if (known !== undefined && known.length === items) return known;
    const rng = createRng(seed, "items", itemsKey);
    const drawn = Float64Array.from({ length: items }, () => rng.uniform());
    difficulties.set(itemsKey, drawn);
    return drawn;
  }

  const settle = (skill: number, key: string, task: string) =>
    Math.min(0.98, Math.max(0.02, skill + noise * createRng(seed, "noise", key, task).normal()));

  return {
    base: (key, task) => 0.2 + 0.2 * createRng(seed, "base", key, task).uniform(),
    train: ({ key, parent, datasets, steps, isPreference }, task) => {
      const share = (1 - Math.exp((-3 * steps) / fullSteps)) / datasets.length ** 1.5;
      let skill = parent;
      for (const dataset of datasets) {
        const { lift, forget } = effect(dataset, task);
        skill += share * (isPreference ? 0.4 * lift * (1 - skill) : lift * (1 - skill) - forget * skill);
      }
      return settle(skill, key, task);
    },
    merge: ({ key, parents, weights }, task) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
      const mean = parents.reduce((sum, skill, index) => sum + (skill * (weights[index] ?? 0)) / total, 0);
      return settle(mean + 0.4 * (Math.max(...parents) - mean), key, task);
    },
    outcomes: (skill, modelKey, itemsKey, items) => {
      const own = createRng(seed, "answers", itemsKey, modelKey);
      const edge = quantile(skill);
      return Array.from(difficulty(itemsKey, items), (hard) => (0.7 * hard + 0.3 * own.uniform() < edge ? 1 : 0));
    },
  };
}

/** Quantile of 0.7 u + 0.3 v (u, v uniform), so that the expected share of right answers is the skill. */
function quantile(skill: number): number {
  const tail = 0.3 / 1.4;
  if (skill <= tail) return Math.sqrt(skill * 0.42);
  if (skill >= 1 - tail) return 1 - Math.sqrt((1 - skill) * 0.42);
  return 0.15 + 0.7 * skill;
}
