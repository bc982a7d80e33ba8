import { checkExit } from '../../src/closed-form/check-exit';
import { resolveAnalytic } from '../../src/config/resolve';
import { openAnalytic } from '../../src/run/closed-form';

async function searchOf(preset: string, direction: 'coordinate' | 'dynamic', search = {}) {
  const config = resolveAnalytic([{ from: 'test', values: { preset, search: { direction, ...search } } }]);
  const { objective, space } = openAnalytic(config);
  const origin = Float64Array.from(objective.minima.points[0]);
  await space.placeAt('los0', origin);
  return { origin, search: { space, seed: 0, origin: 'los0', options: config.search, report: () => {} } };
}

describe('checkExit', () => {
  it('finds that points before an exit flow back, and points beyond it to the neighbour', async () => {
    const { search } = await searchOf('two-well', 'coordinate'); // from (-1, 0), and +x comes first
    const { path, samples } = await checkExit(search, { path: 0, each: 4, spacing: 2 });
    expect(samples.map(({ offset }) => offset)).toEqual([-8, -6, -4, -2, 2, 4, 6, 8]);
    for (const { offset, end, x, value } of samples) {
      expect(end.status).toBe('converged');
      expect(end.x[0]).toBeCloseTo(Math.sign(offset), 6);
      expect(end.trajectory[0]).toEqual(x);
      expect(value).toBeLessThan(path.exit?.value ?? 0);
    }
  });

  it('samples a dynamic path where its search went, and beyond where that ended', async () => {
    const { search } = await searchOf('six-hump-camel', 'dynamic', { paths: 1 });
    const { path, samples } = await checkExit(search, { path: 0, each: 8, spacing: 1 });
    const exitStep = path.exitStep ?? -1;
    expect(exitStep + 8).toBeGreaterThanOrEqual(path.steps.length);
    for (const { offset, x, rho1, value } of samples) {
      const step = path.steps[exitStep + offset];
      if (step !== undefined) expect({ x, rho1, value }).toEqual({ x: step.x, rho1: step.rho1, value: step.loss });
    }
    expect(samples.map(({ offset }) => offset)).toContain(8);
    const pace = samples.slice(1).map(({ rho1 }, k) => rho1 - samples[k].rho1);
    expect(pace.filter((by) => Math.abs(by - 0.01) > 1e-12)).toHaveLength(1); // across the exit: two steps
  });

  it('has no samples where the path found no exit', async () => {
    const { search } = await searchOf('two-well', 'coordinate');
    const { path, samples } = await checkExit(search, { path: 1, each: 4, spacing: 2 });
    expect({ status: path.status, samples }).toEqual({ status: 'leftBox', samples: [] });
  });
});
