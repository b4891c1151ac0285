/**
 * A matrix in one array, row by row. The regressions make thousands of small ones: with an array for each row they held
 * five times as much memory between two collections of garbage, and took twice as long.
 */
export interface Dense {
  rows: number;
  columns: number;
  values: Float64Array;
}

export function zeros(rows: number, columns: number): Dense {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

export function copyOf({ rows, columns, values }: Dense): Dense {
  return { rows, columns, values: values.slice() };
}

/** Adds scale · a bᵀ. */
export function addOuter({ columns, values }: Dense, a: Float64Array, b: Float64Array, scale: number): void {
  for (let i = 0; i < a.length; i++) {
    const left = (a[i] ?? 0) * scale;
    if (left === 0) continue;
    for (let j = 0; j < b.length; j++) values[i * columns + j] = (values[i * columns + j] ?? 0) + left * (b[j] ?? 0);
  }
}

/** M v, or Mᵀ v. */
export function times({ rows, columns, values }: Dense, vector: Float64Array, transposed = false): Float64Array {
  const into = new Float64Array(transposed ? columns : rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const to = transposed ? j : i;
      const from = transposed ? i : j;
      into[to] = (into[to] ?? 0) + (values[i * columns + j] ?? 0) * (vector[from] ?? 0);
    }
  }
  return into;
}

/** L with A = L Lᵀ; only the lower half of A is read. @throws RangeError when A is not positive definite. */
export function cholesky({ rows, values }: Dense): Dense {
  const lower = zeros(rows, rows);
  const l = lower.values;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = values[i * rows + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (l[i * rows + k] ?? 0) * (l[j * rows + k] ?? 0);
      if (i === j && !(sum > 0)) throw new RangeError(`a precision matrix is not positive definite: pivot ${i} is ${sum}`);
      l[i * rows + j] = i === j ? Math.sqrt(sum) : sum / (l[j * rows + j] ?? 1);
    }
  }
  return lower;
}

/** Solves L X = B in place, for every column of B. */
export function solveLower({ rows, values: l }: Dense, { columns, values: x }: Dense): void {
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < i; k++) subtractRow(x, columns, i, k, l[i * rows + k] ?? 0);
    divideRow(x, columns, i, l[i * rows + i] ?? 1);
  }
}

/** Solves Lᵀ X = B in place, for every column of B. */
export function solveUpper({ rows, values: l }: Dense, { columns, values: x }: Dense): void {
  for (let i = rows - 1; i >= 0; i--) {
    for (let k = i + 1; k < rows; k++) subtractRow(x, columns, i, k, l[k * rows + i] ?? 0);
    divideRow(x, columns, i, l[i * rows + i] ?? 1);
  }
}

/** One column of a matrix, or a vector as one. */
export function columnOf(values: Float64Array): Dense {
  return { rows: values.length, columns: 1, values };
}

function subtractRow(x: Float64Array, columns: number, row: number, other: number, factor: number): void {
  if (factor === 0) return;
  for (let c = 0; c < columns; c++) x[row * columns + c] = (x[row * columns + c] ?? 0) - factor * (x[other * columns + c] ?? 0);
}

function divideRow(x: Float64Array, columns: number, row: number, divisor: number): void {
  for (let c = 0; c < columns; c++) x[row * columns + c] = (x[row * columns + c] ?? 0) / divisor;
}
