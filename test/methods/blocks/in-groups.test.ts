import { FAST_SEARCH } from '../../builders';
import { memberFile, type Ran, TestSession, trace } from '../session';

const session = new TestSession();
const TIER1 = ['tier1-1', 'tier1-2', 'tier1-3'];
const TUNED = TIER1.map((name) => `${name}-tuned`);

describe('fine-tuning', () => {
  let plain: Ran;
  let tuned: Ran;
  beforeAll(async () => {
    plain = await session.run({ seed: 2 });
    tuned = await session.run({ seed: 2, dspTt: { fineTune: { epochs: 2, lrTimes: 0.5 } } });
  });

  it('is off by default', () => {
    expect(plain.result.members.map(({ name }) => name)).toEqual(['tier0', ...TIER1]);
    expect(plain.result.ensembles.map(({ name }) => name)).not.toContain('tier-1-tune');
  });

  it('adds a tuned copy of each network of tier 1, and leaves the networks and their ensembles as they were', () => {
    expect(tuned.result.members.slice(0, 4)).toEqual(plain.result.members);
    expect(tuned.result.ensembles.slice(0, -1)).toEqual(plain.result.ensembles);
    expect(tuned.result.result).toBe(plain.result.result);
    const copies = tuned.result.members.slice(4);
    expect(copies).toMatchObject(TUNED.map((name) => ({ name, tier: 1, parent: 'tier0', state: 'trained' })));
    for (const name of TIER1) expect(memberFile(tuned, `${name}-tuned`)).not.toEqual(memberFile(tuned, name));
  });

  it('makes an ensemble of its own of the copies', () => {
    expect(tuned.result.ensembles.at(-1)).toMatchObject({ name: 'tier-1-tune', members: TUNED, rule: 'meanSoftmax' });
  });

  it('takes its epochs at a constant part of the rate, on top of the budget, and counts them', () => {
    for (const name of TUNED) {
      const rows = trace(tuned, `descent-${name}`);
      expect(rows).toHaveLength(6); // two epochs of three steps
      for (const { lr } of rows) expect(Number(lr)).toBe(0.5 * 0.05);
    }
    expect([tuned.result.budget.steps, tuned.steps]).toEqual([250 + 18, 250 + 18]);
    expect(tuned.result.budget.search).toBe(plain.result.budget.search);
  });

  it('starts from the network that it copies', async () => {
    const still = await session.run({ seed: 2, dspTt: { fineTune: { epochs: 1, lrTimes: 1e-30 } } });
    const losses = still.result.members.map(({ trainLoss }) => trainLoss);
    expect(losses.slice(4)).toEqual(losses.slice(1, 4));
  });

  it('tunes nothing where no path exited', async () => {
    const never = { detector: { ...FAST_SEARCH.detector, minRise: 1000 }, fineTune: { epochs: 2 } };
    const { result, steps } = await session.run({ dspTt: never });
    expect(result.members).toHaveLength(4);
    expect(result.ensembles.at(-1)).toMatchObject({ name: 'tier-1-tune', members: [] });
    expect([result.budget.steps, steps]).toEqual([175, 175]);
  });

  it('marks a copy that diverges, and leaves it out of the ensemble', async () => {
    const ran = await session.run({ seed: 2, dspTt: { fineTune: { epochs: 2, lrTimes: 1e30 } } });
    for (const { state, divergedAt } of ran.result.members.slice(4)) {
      expect(state).toBe('diverged');
      expect(divergedAt).toBeLessThan(6);
    }
    expect(ran.result.ensembles.at(-1)).toMatchObject({ name: 'tier-1-tune', members: [] });
    expect(ran.result.members.slice(0, 4)).toEqual(plain.result.members);
    expect(ran.result.budget.steps).toBe(ran.steps);
  });
});

describe('members that end in an average of their weights', () => {
  it('take the last part of their steps, at the rate for averaging, and no step more', async () => {
    const ran = await session.run({ seed: 2, dspTt: { averageMembers: true, memberLrTimes: 2 } });
    const rows = (name: string) => trace(ran, `descent-${name}`);
    let total = rows('tier0').length + trace(ran, 'search-tier1').length;
    for (const name of TIER1) {
      const [before, averaged] = [rows(name), rows(`${name}-averaged`)];
      total += before.length + averaged.length;
      expect(before.length).toBe(Math.floor(0.75 * (before.length + averaged.length)));
      expect(Number(before[0].lr)).toBe(2 * 0.05);
      expect(averaged.map(({ step }) => Number(step))).toEqual(averaged.map((_, i) => before.length + i));
      for (const { lr } of averaged) expect(Number(lr)).toBe(2 * 0.05 * 0.5);
    }
    expect([total, ran.steps, ran.result.budget.steps]).toEqual([250, 250, 250]);
  });

  it('are other networks than without, while tier 0 and the search stay the same', async () => {
    const [plain, averaged] = [
      await session.run({ seed: 2 }),
      await session.run({ seed: 2, dspTt: { averageMembers: true } }),
    ];
    expect(averaged.result.members[0].sha256).toBe(plain.result.members[0].sha256);
    for (const [k, { exit, sha256, state }] of averaged.result.members.entries()) {
      expect(exit).toEqual(plain.result.members[k].exit);
      expect(state).toBe('trained');
      if (k > 0) expect(sha256).not.toBe(plain.result.members[k].sha256);
    }
  });

  it('make all steps that are counted, also after they diverged', async () => {
    const given = await session.run({ method: 'single' });
    const values = { method: 'random-jump', localSolver: { lr: 1e30 }, dspTt: { averageMembers: true } };
    const { result, steps } = await session.run(values, { tier0: memberFile(given, 'tier0') });
    for (const { state, divergedAt } of result.members.slice(1)) {
      expect(state).toBe('diverged');
      expect(divergedAt).toBeLessThan(10);
    }
    expect(steps).toBe(result.budget.steps - result.budget.tier0);
  });

  it('say at which of their steps they diverged where that was while averaging', async () => {
    const ran = await session.run({ seed: 2, dspTt: { averageMembers: true }, swa: { lrTimes: 1e30 } });
    for (const { name, state, divergedAt } of ran.result.members.slice(1)) {
      expect(state).toBe('diverged');
      expect(divergedAt).toBeGreaterThanOrEqual(trace(ran, `descent-${name}`).length);
    }
    expect(ran.steps).toBe(250);
  });
});
