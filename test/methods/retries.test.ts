import { searchTier } from '../../src/methods/blocks/search-tier';
import { tier0 } from '../../src/methods/blocks/tier0';
import { FAST_SEARCH } from '../builders';
import { TestSession, trace } from './session';
import { WineTask } from './wine-task';

const NEVER = { ...FAST_SEARCH, detector: { ...FAST_SEARCH.detector, minRise: 1000 } };
const NAMES = ['tier1-1', 'tier1-2', 'tier1-3'];

describe('the direction of a path', () => {
  const task = new WineTask();

  it('is drawn from a stream of its own in each round', async () => {
    const { executor, context } = await task.open({ dspTt: { ...NEVER, retries: 2 } });
    const drawn: string[] = [];
    const newPath = executor.newPath.bind(executor);
    executor.newPath = (path, origin, stream, scale) => {
      drawn.push(`${path} ${stream}`);
      return newPath(path, origin, stream, scale);
    };
    await tier0(context, 100);
    const { candidates, steps } = await searchTier(context, 'tier0', { tier: 1, paths: 3, steps: 60 });
    expect(drawn).toEqual([
      ...NAMES.map((name) => `${name} direction/${name}`),
      ...NAMES.map((name) => `${name} direction/${name}/round2`),
      ...NAMES.map((name) => `${name} direction/${name}/round3`),
    ]);
    expect(candidates.map(({ state, round }) => `${state} ${round}`)).toEqual(new Array(3).fill('exhausted 3'));
    expect(steps).toBe(60);
  });
});

describe('a path without an exit', () => {
  const session = new TestSession();

  it('is searched again within the same share, by a clock of its own', async () => {
    const ran = await session.run({ dspTt: NEVER });
    const rows = trace(ran, 'search-tier1');
    expect(rows.map(({ iteration }) => Number(iteration))).toEqual([...Array(75).keys()]);
    expect(rows.map(({ round }) => Number(round))).toEqual(rows.map((_, i) => (i < 57 ? 1 : 2)));
    for (const name of NAMES) {
      const [first] = rows.filter(({ path, round }) => path === name && round === '2');
      expect(Number(first.rho1)).toBeCloseTo(0.02 + 0.05 * (5 / 3) * (Number(first.iteration) - 57), 12);
      expect(first.growth).toBe(first.rho1);
    }
    expect(ran.result.members.map(({ round }) => round)).toEqual([null, 2, 2, 2]);
    expect(ran.result.budget).toMatchObject({ steps: 175, search: 75 });
    expect(ran.steps).toBe(175);
  });

  it('is given up after the first round without retries', async () => {
    const ran = await session.run({ dspTt: { ...NEVER, retries: 0 } });
    expect(new Set(trace(ran, 'search-tier1').map(({ round }) => round))).toEqual(new Set(['1']));
    expect(ran.result.members.slice(1)).toMatchObject(NAMES.map(() => ({ state: 'exhausted', round: 1 })));
    expect(ran.result.budget.search).toBe(75);
  });

  it('can exit in a later round, near the direction of that round, and is trained from there', async () => {
    const ran = await session.run({ dspTt: FAST_SEARCH });
    const rows = trace(ran, 'search-tier1');
    const late = ran.result.members.filter(({ round, exit }) => round === 2 && exit !== null);
    expect(late.length).toBeGreaterThan(0);
    for (const { name, exit, state } of late) {
      if (exit === null) continue;
      expect(state).toBe('trained');
      expect(rows[exit.step]).toMatchObject({ path: name, round: '2' });
      expect([Number(rows[exit.step].rho1), Number(rows[exit.step].norm)]).toEqual([exit.rho1, exit.distance]);
      expect(exit.cosine).toBeGreaterThan(0.95);
    }
    expect(rows).toHaveLength(ran.result.budget.search);
    expect(ran.steps).toBe(250);
  });

  it('is searched again when it diverged, and reported by the last round', async () => {
    const dspTt = { ...FAST_SEARCH, rho2TimesLr: 1e30 };
    const [once, twice] = [await session.run({ dspTt: { ...dspTt, retries: 0 } }), await session.run({ dspTt })];
    for (const [ran, round] of [
      [once, 1],
      [twice, 2],
    ] as const) {
      const rows = trace(ran, 'search-tier1');
      for (const { name, state, divergedAt, round: last } of ran.result.members.slice(1)) {
        expect({ state, last }).toEqual({ state: 'diverged', last: round });
        expect(rows[divergedAt ?? -1]).toMatchObject({ path: name, round: String(round) });
        expect(Number.isFinite(Number(rows[divergedAt ?? -1].loss))).toBe(false);
      }
      expect(ran.result.budget.search).toBe(rows.length);
    }
    expect(twice.result.budget.search).toBeGreaterThan(once.result.budget.search);
  });
});
