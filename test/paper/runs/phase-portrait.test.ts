import fc from 'fast-check';
import { makeObjective } from '../../../src/closed-form/objectives';
import { portray } from '../../../src/paper/runs/phase-portrait';

describe('portray', () => {
  it('finds a path that leads from one well through an exit point into the other, whatever the seed', async () => {
    for (const seed of [0, 1, 2, 3]) {
      const { steps, exit, reached } = await portray('two-well', seed);
      expect(reached).toBe('ω1');
      expect(Math.hypot(steps[steps.length - 1].to[0] - 1, steps[steps.length - 1].to[1])).toBeLessThan(0.1);
      expect(steps.map(({ forward }) => forward)).toContainEqual(exit);
    }
  });

  it('takes forward steps along the displacement and calibration steps along minus the gradient', async () => {
    const objective = makeObjective({ name: 'two-well', dims: 2, box: null });
    const { steps } = await portray('two-well', 1);
    for (const [k, { from, forward, to }] of steps.entries()) {
      expect(from).toEqual(k === 0 ? [-1, 0] : steps[k - 1].to);
      const cross = (from[0] + 1) * forward[1] - (forward[0] + 1) * from[1];
      expect(Math.abs(cross)).toBeLessThan(1e-12);
      const gradient = objective.gradient(forward);
      expect(to[0] - forward[0]).toBeCloseTo(-0.04 * gradient[0], 12);
      expect(to[1] - forward[1]).toBeCloseTo(-0.04 * gradient[1], 12);
    }
  });

  it('holds rho1 after the exit: only calibration leads on', async () => {
    const { steps } = await portray('two-well', 1);
    const held = steps.slice(-100);
    expect(new Set(held.map(({ rho1 }) => rho1)).size).toBe(1);
    for (const { from, forward } of held)
      expect(Math.hypot(from[0] - forward[0], from[1] - forward[1])).toBeLessThan(1e-12);
  });

  it('is the same for the same seed', async () => {
    expect(await portray('six-hump-camel', 5)).toEqual(await portray('six-hump-camel', 5));
  });

  it('evaluates the objective and its flow where it says so, inside the part that is drawn', async () => {
    const objective = makeObjective({ name: 'himmelblau', dims: 2, box: null });
    const box = { lower: [-4, -3], upper: [2, 5] } as const;
    const { grid, flow } = await portray('himmelblau', 0, box);
    const { columns, rows, values } = grid;
    fc.assert(
      fc.property(fc.nat(columns - 1), fc.nat(rows - 1), (column, row) => {
        const x = [-4 + (6 * column) / (columns - 1), -3 + (8 * row) / (rows - 1)];
        expect(values[row * columns + column]).toBeCloseTo(objective.value(x), 6);
      }),
    );
    for (const { at, vector } of flow) {
      expect(at[0] > -4 && at[0] < 2 && at[1] > -3 && at[1] < 5).toBe(true);
      expect(vector).toEqual(Array.from(objective.gradient(at), (g) => -g));
    }
  });
});
