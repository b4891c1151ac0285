import type { Rng } from "../rng.ts";
import type { ArrowVector, Observation } from "./arrow-regression.ts";
import { cholesky, columnOf, copyOf, type Dense, solveLower, solveUpper, times, zeros } from "./dense.ts";

/** What a group contributes to the elimination: B = its precision, C = its cross-precision with the pooled weights. */
export interface GroupFactor {
  /** L of B = L Lᵀ. */
  lower: Dense;
  /** B⁻¹Cᵀ (own × pooled). */
  solvedCross: Dense;
  /** B⁻¹b. */
  solvedTarget: Float64Array;
  /** C B⁻¹ Cᵀ and C B⁻¹ b: what the Schur complement loses to this group. */
  complement: Dense;
  complementTarget: Float64Array;
}

/** Eliminates one group of the arrow. @param cross C (pooled × own). */
export function factor(precision: Dense, cross: Dense, target: Float64Array): GroupFactor {
  const lower = cholesky(precision);
  const solvedCross = transposed(cross);
  solveLower(lower, solvedCross);
  solveUpper(lower, solvedCross);
  const solvedTarget = target.slice();
  solveLower(lower, columnOf(solvedTarget));
  solveUpper(lower, columnOf(solvedTarget));
  return { lower, solvedCross, solvedTarget, complement: product(cross, solvedCross), complementTarget: times(cross, solvedTarget) };
}

/** Normal posterior N(μ, A⁻¹) of an arrow regression, by block elimination: the groups first, the pooled weights last. */
export class ArrowPosterior {
  /** μ = A⁻¹ Xᵀy / σ². */
  readonly mean: ArrowVector;
  readonly #schur: Dense;
  readonly #groups: readonly GroupFactor[];

  constructor(precision: Dense, target: Float64Array, groups: readonly GroupFactor[]) {
    const complement = copyOf(precision);
    const pooled = target.slice();
    for (const group of groups) {
      subtract(complement.values, group.complement.values);
      subtract(pooled, group.complementTarget);
    }
    this.#groups = groups;
    this.#schur = cholesky(complement);
    solveLower(this.#schur, columnOf(pooled));
    solveUpper(this.#schur, columnOf(pooled));
    this.mean = {
      pooled,
      groups: groups.map((group) => subtract(group.solvedTarget.slice(), times(group.solvedCross, pooled))),
    };
  }

  /** μ + width · L⁻ᵀz with z standard normal: a Thompson draw, narrowed. */
  draw(rng: Rng, width: number): ArrowVector {
    const pooled = shake(this.#schur, rng, width);
    return {
      pooled: plus(this.mean.pooled, pooled),
      groups: this.#groups.map((group, index) => {
        const own = subtract(shake(group.lower, rng, width), times(group.solvedCross, pooled));
        return plus(this.mean.groups[index] ?? new Float64Array(own.length), own);
      }),
    };
  }

  /** Posterior variance xᵀA⁻¹x of a prediction, without the noise. */
  variance({ group, pooled, own }: Observation): number {
    const eliminated = group === null ? undefined : this.#groups[group];
    if (eliminated === undefined) return squared(this.#schur, pooled.slice());
    const rest = subtract(pooled.slice(), times(eliminated.solvedCross, own, true));
    return squared(eliminated.lower, own.slice()) + squared(this.#schur, rest);
  }
}

/** width · L⁻ᵀz: normal with covariance width² · (L Lᵀ)⁻¹. */
function shake(lower: Dense, rng: Rng, width: number): Float64Array {
  const z = Float64Array.from({ length: lower.rows }, () => rng.normal());
  solveUpper(lower, columnOf(z));
  return z.map((value) => value * width);
}

/** xᵀ(L Lᵀ)⁻¹x = |L⁻¹x|²; x is used up. */
function squared(lower: Dense, x: Float64Array): number {
  solveLower(lower, columnOf(x));
  return x.reduce((sum, value) => sum + value * value, 0);
}

function transposed({ rows, columns, values }: Dense): Dense {
  const into = zeros(columns, rows);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) into.values[j * rows + i] = values[i * columns + j] ?? 0;
  return into;
}

function product(a: Dense, b: Dense): Dense {
  const into = zeros(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const left = a.values[i * a.columns + k] ?? 0;
      if (left === 0) continue;
      for (let j = 0; j < b.columns; j++) {
        const at = i * b.columns + j;
        into.values[at] = (into.values[at] ?? 0) + left * (b.values[k * b.columns + j] ?? 0);
      }
    }
  }
  return into;
}

/** Takes b off a, in place. */
function subtract(a: Float64Array, b: Float64Array): Float64Array {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] ?? 0) - (b[i] ?? 0);
  return a;
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value + (b[index] ?? 0));
}
