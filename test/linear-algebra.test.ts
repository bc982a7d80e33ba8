import fc from 'fast-check';
import { gramMatrix, norm, solve, symmetricEigen } from '../src/linear-algebra';

const entry = fc.integer({ min: -10_000, max: 10_000 }).map((thousandths) => thousandths / 1000);
const symmetric = fc
  .array(fc.array(entry, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 })
  .map((rows) => rows.map((row, i) => row.map((_, j) => rows[Math.min(i, j)][Math.max(i, j)])));
const times = (rows: readonly (readonly number[])[], v: ArrayLike<number>) =>
  rows.map((row) => row.reduce((sum, a, j) => sum + a * v[j], 0));

describe('symmetricEigen', () => {
  it('answers eigenvectors of length 1 with their eigenvalues, in ascending order', () => {
    fc.assert(
      fc.property(symmetric, (matrix) => {
        const { values, vectors } = symmetricEigen(matrix);
        expect(values).toEqual([...values].sort((a, b) => a - b));
        for (const [k, v] of vectors.entries()) {
          expect(norm(v)).toBeCloseTo(1, 10);
          for (const [i, product] of times(matrix, v).entries()) expect(product).toBeCloseTo(values[k] * v[i], 8);
        }
      }),
    );
  });
});

describe('solve', () => {
  it('finds the x of (J^T J + mu I) x = b', () => {
    fc.assert(
      fc.property(symmetric, fc.array(entry, { minLength: 3, maxLength: 3 }), (jacobian, b) => {
        const matrix = gramMatrix(jacobian, 0.5);
        const x = solve(matrix, Float64Array.from(b));
        if (x === null) throw new Error('a positive definite matrix has a solution');
        for (const [i, product] of times(matrix.to2DArray(), x).entries()) expect(product).toBeCloseTo(b[i], 6);
      }),
    );
  });

  it('answers null for a singular matrix', () => {
    expect(solve(gramMatrix([[1, 1]], 0), Float64Array.of(1, 2))).toBeNull();
    expect(solve(gramMatrix([[1, 1]], 0.1), Float64Array.of(1, 2))).not.toBeNull();
  });
});
