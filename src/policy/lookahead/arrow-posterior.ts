import { CholeskyDecomposition, Matrix } from "ml-matrix";
import type { Rng } from "../rng.ts";
import type { ArrowVector, Observation } from "./arrow-regression.ts";

/** What a group contributes to the elimination: B = its precision, C = its cross-precision with the pooled weights. */
export interface GroupFactor {
  cholesky: CholeskyDecomposition;
  cross: Matrix;
  /** B⁻¹Cᵀ (own × pooled). */
  solvedCross: Matrix;
  /** B⁻¹b (own × 1). */
  solvedTarget: Matrix;
  /** C B⁻¹ Cᵀ and C B⁻¹ b: what the Schur complement loses to this group. */
  complement: Matrix;
  complementTarget: Matrix;
}

/** Eliminates one group of the arrow. */
export function factor(precision: Matrix, cross: Matrix, target: Float64Array): GroupFactor {
  const cholesky = new CholeskyDecomposition(precision);
  const solvedCross = cholesky.solve(cross.transpose());
  const solvedTarget = cholesky.solve(Matrix.columnVector(target));
  return {
    cholesky,
    cross: cross.clone(),
    solvedCross,
    solvedTarget,
    complement: cross.mmul(solvedCross),
    complementTarget: cross.mmul(solvedTarget),
  };
}

/** Normal posterior N(μ, A⁻¹) of an arrow regression, by block elimination: the groups first, the pooled weights last. */
export class ArrowPosterior {
  /** μ = A⁻¹ Xᵀy / σ². */
  readonly mean: ArrowVector;
  readonly #schur: CholeskyDecomposition;
  readonly #groups: readonly GroupFactor[];

  constructor(precision: Matrix, target: Float64Array, groups: readonly GroupFactor[]) {
    const complement = precision.clone();
    const right = Matrix.columnVector(target);
    for (const group of groups) {
      complement.sub(group.complement);
      right.sub(group.complementTarget);
    }
    this.#groups = groups;
    this.#schur = new CholeskyDecomposition(symmetric(complement));
    const pooled = this.#schur.solve(right);
    this.mean = {
      pooled: column(pooled),
      groups: groups.map((group) => column(Matrix.sub(group.solvedTarget, group.solvedCross.mmul(pooled)))),
    };
  }

  /** μ + width · L⁻ᵀz with z standard normal: a Thompson draw, narrowed. */
  draw(rng: Rng, width: number): ArrowVector {
    const pooled = shake(this.#schur, rng).mul(width);
    return {
      pooled: plus(this.mean.pooled, column(pooled)),
      groups: this.#groups.map((group, index) => {
        const own = shake(group.cholesky, rng).mul(width).sub(group.solvedCross.mmul(pooled));
        return plus(this.mean.groups[index] ?? new Float64Array(own.rows), column(own));
      }),
    };
  }

  /** Posterior variance xᵀA⁻¹x of a prediction, without the noise. */
  variance({ group, pooled, own }: Observation): number {
    let x = Matrix.columnVector(pooled);
    let variance = 0;
    const eliminated = group === null ? undefined : this.#groups[group];
    if (eliminated !== undefined) {
      const y = Matrix.columnVector(own);
      variance += y.dot(eliminated.cholesky.solve(y));
      x = Matrix.sub(x, eliminated.solvedCross.transpose().mmul(y));
    }
    return variance + x.dot(this.#schur.solve(x));
  }
}

/** L⁻ᵀz, as A⁻¹(Lz), which is the same and needs no solver of its own. */
function shake(cholesky: CholeskyDecomposition, rng: Rng): Matrix {
  const lower = cholesky.lowerTriangularMatrix;
  const z = Matrix.columnVector(Array.from({ length: lower.rows }, () => rng.normal()));
  return lower.rows === 0 ? z : cholesky.solve(lower.mmul(z));
}

/** Rounding makes a Schur complement unsymmetric in its last digits, which the decomposition refuses. */
function symmetric(matrix: Matrix): Matrix {
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}

function column(matrix: Matrix): Float64Array {
  return Float64Array.from(matrix.to1DArray());
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value + (b[index] ?? 0));
}
