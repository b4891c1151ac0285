import { ArrowPosterior, type GroupFactor, factor } from "./arrow-posterior.ts";
import { addOuter, copyOf, type Dense, zeros } from "./dense.ts";

/** Weights or feature values: those that all observations share, and those of each group. */
export interface ArrowVector {
  pooled: Float64Array;
  groups: Float64Array[];
}

/** Feature values of one observation, and the group that they belong to; null when there are pooled features only. */
export interface Observation {
  group: number | null;
  pooled: Float64Array;
  own: Float64Array;
}

/** Prior standard deviations of the weights, all with mean zero. */
export interface ArrowPriors {
  pooled: readonly number[];
  groups: readonly (readonly number[])[];
}

/** Sufficient statistics of one group: precision, cross-precision with the pooled weights (pooled × own), and Xᵀy, over σ². */
interface GroupSums {
  precision: Dense;
  cross: Dense;
  target: Float64Array;
}

interface Sums {
  noiseVariance: number;
  pooled: Dense;
  target: Float64Array;
  groups: GroupSums[];
}

/**
 * Bayesian linear regression where each observation has pooled features and features of one group only. The precision
 * matrix is then an arrow (groups do not meet each other), so a refit costs Σ dᵍ³ instead of (Σ dᵍ)³.
 * Sums are kept per observation: nothing of the history is looked at again.
 */
export class ArrowRegression {
  readonly #noiseVariance: number;
  readonly #pooled: Dense;
  readonly #target: Float64Array;
  readonly #groups: GroupSums[];
  /** Factors of groups that no observation has changed since. */
  readonly #factors: (GroupFactor | null)[];
  #posterior: ArrowPosterior | null = null;

  private constructor(sums: Sums) {
    this.#noiseVariance = sums.noiseVariance;
    this.#pooled = sums.pooled;
    this.#target = sums.target;
    this.#groups = sums.groups;
    this.#factors = sums.groups.map(() => null);
  }

  /** @param noise standard deviation of an observation. */
  static fromPriors(priors: ArrowPriors, noise: number): ArrowRegression {
    return new ArrowRegression({
      noiseVariance: noise * noise,
      pooled: priorPrecision(priors.pooled),
      target: new Float64Array(priors.pooled.length),
      groups: priors.groups.map((own) => emptyGroup(priors.pooled.length, own)),
    });
  }

  /** Makes room for a further group. @param own prior standard deviations of its weights. @returns its index. */
  addGroup(own: readonly number[]): number {
    this.#posterior = null;
    this.#factors.push(null);
    return this.#groups.push(emptyGroup(this.#target.length, own)) - 1;
  }

  /** Adds one observation and what came of it. @param weight 1 for a whole observation; a negative one takes back. */
  add({ group, pooled, own }: Observation, y: number, weight = 1): void {
    this.#posterior = null;
    const scale = weight / this.#noiseVariance;
    addOuter(this.#pooled, pooled, pooled, scale);
    addScaled(this.#target, pooled, y * scale);
    const sums = group === null ? undefined : this.#groups[group];
    if (group === null || sums === undefined) return;
    addOuter(sums.precision, own, own, scale);
    addOuter(sums.cross, pooled, own, scale);
    addScaled(sums.target, own, y * scale);
    this.#factors[group] = null;
  }

  /** The posterior given everything added so far. */
  posterior(): ArrowPosterior {
    this.#posterior ??= this.#refit();
    return this.#posterior;
  }

  #refit(): ArrowPosterior {
    const groups = this.#groups.map((sums, index) => {
      const known = this.#factors[index] ?? factor(sums.precision, sums.cross, sums.target);
      this.#factors[index] = known;
      return known;
    });
    return new ArrowPosterior(this.#pooled, this.#target, groups);
  }

  /** An independent copy, to try observations on. */
  copy(): ArrowRegression {
    return new ArrowRegression({
      noiseVariance: this.#noiseVariance,
      pooled: copyOf(this.#pooled),
      target: this.#target.slice(),
      groups: this.#groups.map(({ precision, cross, target }) => ({
        precision: copyOf(precision),
        cross: copyOf(cross),
        target: target.slice(),
      })),
    });
  }
}

function emptyGroup(pooled: number, own: readonly number[]): GroupSums {
  return { precision: priorPrecision(own), cross: zeros(pooled, own.length), target: new Float64Array(own.length) };
}

function priorPrecision(deviations: readonly number[]): Dense {
  const precision = zeros(deviations.length, deviations.length);
  for (const [index, deviation] of deviations.entries()) precision.values[index * deviations.length + index] = deviation ** -2;
  return precision;
}

function addScaled(into: Float64Array, values: Float64Array, scale: number): void {
  for (const [i, value] of values.entries()) into[i] = (into[i] ?? 0) + value * scale;
}
