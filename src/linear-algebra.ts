import { EigenvalueDecomposition, LuDecomposition, Matrix } from 'ml-matrix';

/** Eigenvalues of a symmetric matrix in ascending order, and an eigenvector of length 1 for each. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
}

export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(asMatrix(matrix), {
    assumeSymmetric: true,
  });
  const vectors = realEigenvalues.map((_, k) => Float64Array.from(eigenvectorMatrix.getColumn(k)));
  return { values: realEigenvalues, vectors };
}

/** Returns J^T J + mu I. */
export function gramMatrix(jacobian: readonly (readonly number[])[], mu: number): Matrix {
  const j = asMatrix(jacobian);
  return j.transpose().mmul(j).add(Matrix.eye(j.columns).mul(mu));
}

/** Returns the solution x of A x = b; null if A is singular. */
export function solve(matrix: Matrix, b: Float64Array): Float64Array | null {
  const decomposition = new LuDecomposition(matrix);
  if (decomposition.isSingular()) return null;
  return Float64Array.from(decomposition.solve(Matrix.columnVector(b)).getColumn(0));
}

export function norm(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) sum += vector[i] ** 2;
  return Math.sqrt(sum);
}

function asMatrix(rows: readonly (readonly number[])[]): Matrix {
  return new Matrix(rows.map((row) => [...row]));
}
