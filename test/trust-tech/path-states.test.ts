import { newSearch, planCell } from '../../src/trust-tech/path-states';
import { namedStream } from '../../src/trust-tech/streams';
import { hill, searchOptions, slope } from './search-builders';
import { cosineOf, simulateSearch, stepsOfPath } from './simulated-search';

describe('planCell', () => {
  it('plans decideEvery iterations, and at the end as many as are left', () => {
    const { cells } = simulateSearch(searchOptions({ steps: 17, decideEvery: 7 }), 1, () => 1);
    expect(cells.map(({ start, path }) => [start, path.length])).toEqual([
      [0, 7],
      [7, 7],
      [14, 3],
    ]);
  });

  it('starts a path with the whole of rho1 and then grows it by ratios, whichever path was picked between', () => {
    const search = simulateSearch(searchOptions({ steps: 60 }), 1, () => 1);
    for (const k of [0, 1, 2]) {
      const [first, second] = stepsOfPath(search, k);
      expect(first.growth).toBe(first.rho1);
      expect(second.growth).toBeCloseTo(second.rho1 / first.rho1, 12);
    }
  });

  it('takes the loop counter for the clock, or the path has its own', () => {
    const rho1 = { start: 0.25, increment: 2 ** -10, max: 1, clock: 'iteration' as const };
    const options = searchOptions({ paths: 5, steps: 60, rho1 });
    const shared = simulateSearch(options, 1, () => 1);
    for (const step of shared.steps) expect(step.rho1).toBe(0.25 + step.iteration / 1024);
    const own = simulateSearch({ ...options, rho1: { ...rho1, clock: 'path' } }, 1, () => 1);
    for (const k of [0, 1, 2, 3, 4]) {
      for (const [n, step] of stepsOfPath(own, k).entries()) expect(step.rho1).toBe(0.25 + n / 1024);
    }
  });

  it('scales the pace to the number of all paths, not of those that are left', () => {
    const rho1 = { start: 0.25, increment: 2 ** -10, max: 4, clock: 'iteration' as const };
    const options = searchOptions({ paths: 10, steps: 100, rho1 });
    const { steps, state } = simulateSearch(options, 1, (path, step) =>
      path === 0 ? Number.NaN : hill(50)(path, step),
    );
    expect(state.paths[0].status).toBe('diverged');
    for (const step of steps) expect(step.rho1).toBe(0.25 + step.iteration / 2048);
  });

  it('calibrates each iteration of the share with its own rho2', () => {
    const rho2 = Float64Array.from({ length: 17 }, (_, i) => 1 / (1 + i));
    const { cells } = simulateSearch(searchOptions({ steps: 17, rho2 }), 1, () => 1);
    expect(cells.map((cell) => cell.rho2)).toEqual([rho2.slice(0, 7), rho2.slice(7, 14), rho2.slice(14)]);
  });

  it('picks uniformly among the paths', () => {
    const options = searchOptions({ paths: 5, steps: 10_000, decideEvery: 50 });
    const { steps } = simulateSearch(options, 1, () => 1, { seed: 42 });
    const counts = new Float64Array(5);
    for (const { path } of steps) counts[path] += 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(steps).toHaveLength(10_000);
    expect(chiSquare).toBeLessThan(18.47); // 4 degrees of freedom: exceeded once in 1000 seeds
  });

  it('picks uniformly among the paths that are left', () => {
    const options = searchOptions({ paths: 5, steps: 10_000, decideEvery: 1, lag: 0 });
    const { steps } = simulateSearch(options, 1, (path) => (path === 2 ? Number.NaN : 1), { seed: 42 });
    const counts = new Float64Array(5);
    for (const { path } of steps) counts[path] += 1;
    expect(counts[2]).toBe(1);
    const others = [0, 1, 3, 4].map((k) => counts[k]);
    expect(others.reduce((sum, count) => sum + (count - 2499.75) ** 2 / 2499.75, 0)).toBeLessThan(16.27);
  });

  it('plans nothing when the share is used up, and leaves the state that it was given as it was', () => {
    const draw = namedStream(0, 'pick');
    const start = newSearch(searchOptions({ steps: 3, decideEvery: 7 }), 1);
    const planned = planCell(start, draw);
    expect(planned?.cell.path).toHaveLength(3);
    expect(planned && planCell(planned.state, draw)).toBeNull();
    expect(start).toEqual(newSearch(searchOptions({ steps: 3, decideEvery: 7 }), 1));
  });
});

describe('a search', () => {
  it('ends early when all paths have exited, each at its own peak', () => {
    const options = searchOptions({ steps: 10_000, lag: 0 });
    const search = simulateSearch(options, 1, hill(20));
    expect(search.state.planned).toBeLessThan(200);
    for (const [k, { status, exit, detector }] of search.state.paths.entries()) {
      const own = stepsOfPath(search, k);
      expect(status).toBe('exited');
      // The average of a symmetric hill has its top a step or two after the hill's.
      expect([20, 21, 22]).toContain(detector.peak.step);
      expect(exit.step).toBe(own[detector.peak.step].iteration);
      expect(exit.peakLoss).toBeGreaterThan(2.5);
      expect(exit.startLoss).toBe(1);
    }
  });

  it('takes the cosine from the cell with the peak, not from the one in which the exit was noticed', () => {
    const search = simulateSearch(searchOptions({ paths: 1, steps: 100, decideEvery: 5 }), 1, hill(20));
    const { exit, detector } = search.state.paths[0];
    const peakCell = search.steps[exit.step].cell;
    expect(search.steps[detector.steps - 1].cell).toBeGreaterThan(peakCell);
    expect(exit.cosine).toBe(cosineOf(peakCell, 0));
  });

  it('counts the steps that cells in flight took beyond a known exit', () => {
    for (const lag of [0, 1, 3]) {
      const search = simulateSearch(searchOptions({ paths: 1, steps: 500, decideEvery: 5, lag }), 1, hill(20));
      const { exit, detector } = search.state.paths[0];
      expect(exit.overrun).toBe(search.steps.length - detector.steps);
      // The rest of the cell in which it was noticed, and `lag` whole cells.
      expect(exit.overrun).toBe(((5 - (detector.steps % 5)) % 5) + 5 * lag);
    }
  });

  it('marks a path that still climbs at the end as exhausted', () => {
    const { state } = simulateSearch(searchOptions({ steps: 60 }), 1, slope);
    expect(state.paths.map(({ status }) => status)).toEqual(['exhausted', 'exhausted', 'exhausted']);
    expect(state.planned).toBe(60);
  });

  it('notes at which iteration a path diverged, and goes on with the others', () => {
    const loss = (path: number, step: number) => (path === 1 && step === 4 ? Number.NaN : 1 + 0.1 * step);
    const search = simulateSearch(searchOptions({ steps: 100 }), 1, loss);
    expect(search.state.paths.map(({ status }) => status)).toEqual(['exhausted', 'diverged', 'exhausted']);
    expect(search.state.paths[1].divergedAt).toBe(stepsOfPath(search, 1)[4].iteration);
    expect(search.state.paths[0].divergedAt).toBeNull();
    expect(search.steps).toHaveLength(100);
  });

  it('keeps an exit whose overrun diverges', () => {
    const known = simulateSearch(searchOptions({ paths: 1, lag: 2 }), 1, hill(20)).state.paths[0];
    const loss = (path: number, step: number) => (step >= known.detector.steps ? Number.NaN : hill(20)(path, step));
    const { state } = simulateSearch(searchOptions({ paths: 1, lag: 2 }), 1, loss);
    expect(state.paths[0]).toEqual(known);
  });
});
