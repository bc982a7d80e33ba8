import { finishSearch, newSearch, nextRound, type SearchOptions } from '../../src/trust-tech/path-states';
import { hill, searchOptions, slope } from './search-builders';
import { type LossOf, simulateSearch, stepsOfPath } from './simulated-search';

/** Five paths at the paper's pace, in steps of 2^-10, so that sums are exact. */
const rounds = (over: Partial<SearchOptions> = {}): SearchOptions =>
  searchOptions({
    paths: 5,
    steps: 400,
    rho1: { start: 0.25, increment: 2 ** -10, max: 4, clock: 'iteration' },
    retries: 1,
    roundShare: 0.75,
    ...over,
  });

/** A path that exits, among others that do not. */
const onlyFirstExits: LossOf = (path, step) => (path === 0 ? hill(8)(path, step) : 1);

describe('a search in rounds', () => {
  it('redraws the exhausted paths once the round has taken its part of the share', () => {
    const search = simulateSearch(rounds(), 1, onlyFirstExits);
    expect(search.rounds).toEqual([
      { number: 1, start: 0, end: 300, paths: [0, 1, 2, 3, 4] },
      { number: 2, start: 300, end: 400, paths: [1, 2, 3, 4] },
    ]);
    expect(search.state.paths.map(({ status, round }) => `${status} ${round}`)).toEqual([
      'exited 1',
      ...[1, 2, 3, 4].map(() => 'exhausted 2'),
    ]);
    expect(search.steps).toHaveLength(400);
  });

  it('is one round over the whole share without retries', () => {
    const search = simulateSearch(rounds({ retries: 0 }), 1, onlyFirstExits);
    expect(search.rounds).toEqual([{ number: 1, start: 0, end: 400, paths: [0, 1, 2, 3, 4] }]);
    expect(search.state.paths.slice(1).every(({ status, round }) => status === 'exhausted' && round === 1)).toBe(true);
    expect(search.steps).toHaveLength(400);
  });

  it('goes the same way, round for round, whatever would have come after', () => {
    const [one, more] = [rounds({ retries: 0, steps: 300 }), rounds()].map((options) =>
      simulateSearch({ ...options, rho2: new Float64Array(400) }, 1, onlyFirstExits),
    );
    expect(more.steps.slice(0, 300)).toEqual(one.steps);
  });

  it('begins a round at once when all other paths of the one before have exited or diverged', () => {
    const lossOf: LossOf = (path, step, round) => (path === 3 && round === 1 ? Number.NaN : hill(8)(path, step));
    const search = simulateSearch(rounds(), 1, lossOf);
    const [, second] = search.rounds;
    expect(second).toEqual({ number: 2, start: second.start, end: 400, paths: [3] });
    expect(second.start).toBeLessThan(300);
    expect(search.state.paths.map(({ status, round }) => `${status} ${round}`)).toEqual([
      ...['exited 1', 'exited 1', 'exited 1', 'exited 2', 'exited 1'],
    ]);
    expect(search.state.paths[3]).toMatchObject({ divergedAt: null });
    expect(search.steps.length).toBeLessThan(400);
  });

  it('does not come to another round when all have exited', () => {
    expect(simulateSearch(rounds({ retries: 3 }), 1, hill(8)).rounds).toHaveLength(1);
  });

  it('takes of what is left, round for round, and all of it in the last', () => {
    const { rounds: found } = simulateSearch(rounds({ retries: 3, roundShare: 0.5 }), 1, () => 1);
    expect(found.map(({ start, end }) => [start, end])).toEqual([
      [0, 200],
      [200, 300],
      [300, 350],
      [350, 400],
    ]);
  });

  it('ends when the share is used up, with rounds left', () => {
    const search = simulateSearch(rounds({ retries: 10, steps: 3, roundShare: 0.99 }), 1, slope);
    expect(search.rounds).toHaveLength(1);
    expect(search.state.paths.map(({ status }) => status)).toEqual(new Array(5).fill('exhausted'));
  });
});

describe('a redrawn path', () => {
  it('begins again at the first rho1, by a clock that begins with the round and is scaled to the paths in it', () => {
    const search = simulateSearch(rounds(), 1, onlyFirstExits);
    const first = search.steps.filter(({ round }) => round === 1);
    for (const { iteration, rho1 } of first) expect(rho1).toBe(0.25 + iteration / 1024);
    const second = search.steps.filter(({ round }) => round === 2);
    for (const { iteration, rho1 } of second) expect(rho1).toBeCloseTo(0.25 + ((iteration - 300) / 1024) * (5 / 4), 12);
    expect(second.length).toBe(100);
  });

  it('begins again as d = v: its first growth is the whole of rho1', () => {
    const search = simulateSearch(rounds(), 1, onlyFirstExits);
    for (const k of [1, 2, 3, 4]) {
      const [first, next] = stepsOfPath(search, k, 2);
      expect(first.growth).toBe(first.rho1);
      expect(next.growth).toBe(next.rho1 / first.rho1);
    }
  });

  it('counts its own steps from the round on, where each path has a clock of its own', () => {
    const rho1 = { start: 0.25, increment: 2 ** -10, max: 4, clock: 'path' as const };
    const search = simulateSearch(rounds({ rho1 }), 1, onlyFirstExits);
    for (const k of [1, 2, 3, 4]) {
      for (const round of [1, 2]) {
        for (const [n, step] of stepsOfPath(search, k, round).entries()) expect(step.rho1).toBe(0.25 + n / 1024);
      }
    }
  });

  it('is judged by a fresh detector, and its exit is numbered in the whole search', () => {
    const lossOf: LossOf = (path, step, round) => (round === 1 ? 1 + 0.01 * step : hill(5)(path, step));
    const search = simulateSearch(rounds(), 1, lossOf);
    for (const [k, { status, round, exit, detector }] of search.state.paths.entries()) {
      const own = stepsOfPath(search, k, 2);
      expect({ status, round }).toEqual({ status: 'exited', round: 2 });
      expect(detector.steps).toBeLessThanOrEqual(own.length);
      expect(exit.step).toBe(own[detector.peak.step].iteration);
      expect(exit.step).toBeGreaterThanOrEqual(300);
      expect(exit.startLoss).toBe(1);
    }
  });

  it('forgets where it diverged', () => {
    const lossOf: LossOf = (_path, _step, round) => (round === 1 ? Number.NaN : 1);
    const { state, changes } = simulateSearch(rounds(), 1, lossOf);
    expect(changes.filter(({ by, from }) => by === 'redraw' && from === 'diverged')).toHaveLength(5);
    for (const { status, divergedAt } of state.paths)
      expect({ status, divergedAt }).toEqual({ status: 'exhausted', divergedAt: null });
  });

  it('diverges for good in the last round, at an iteration of the whole search', () => {
    const search = simulateSearch(rounds(), 1, () => Number.NaN);
    for (const [k, { status, divergedAt, round }] of search.state.paths.entries()) {
      expect({ status, round }).toEqual({ status: 'diverged', round: 2 });
      expect(divergedAt).toBe(stepsOfPath(search, k, 2)[0].iteration);
    }
  });
});

describe('nextRound', () => {
  it('is null where no round or no share is left, or nothing to redraw', () => {
    const start = newSearch(rounds(), 1);
    expect(nextRound({ ...start, planned: 300 })?.redrawn).toEqual([0, 1, 2, 3, 4]);
    expect(nextRound({ ...start, planned: 400 })).toBeNull();
    expect(nextRound(newSearch(rounds({ retries: 0 }), 1))).toBeNull();
    expect(nextRound(simulateSearch(rounds(), 1, hill(8)).state)).toBeNull();
  });

  it('leaves the state that it was given as it was', () => {
    const start = newSearch(rounds(), 1);
    const before = structuredClone(start);
    nextRound(start);
    finishSearch(start);
    expect(start).toEqual(before);
  });
});
