import { planBudget } from '../../../src/trust-tech/budget';
import { memberFile, type Ran, TestSession, trace } from '../session';

const session = new TestSession();

/** With this seed all five paths exit, and the network with the lowest validation loss is not the one with the lowest training loss. */
const TWO_TIERS = { seed: 2, budget: { steps: 400 }, dspTt: { tiers: [3, 2] } };
const TIER1 = ['tier1-1', 'tier1-2', 'tier1-3'];
const TIER2 = ['tier2-1', 'tier2-2'];

/** The names of a run's traces with so many rows each. */
function rowsOf(ran: Ran): Record<string, number> {
  const names = ran.result.members.map(({ name }) => `descent-${name}`);
  const searches = ran.result.method === 'dsp-tt' ? ['search-tier1', 'search-tier2'] : [];
  return Object.fromEntries([...names, ...searches].map((name) => [name, trace(ran, name).length]));
}

function lowest({ result }: Ran, by: 'validationLoss' | 'trainLoss'): string {
  const tier1 = result.members.filter(({ tier }) => tier === 1);
  return tier1.reduce((a, b) => ((b[by] ?? Number.NaN) < (a[by] ?? Number.NaN) ? b : a)).name;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe.each([
  ['dsp-tt', 'tier'],
  ['random-jump', 'jump'],
])('%s with two tiers', (method, prefix) => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await session.run({ ...TWO_TIERS, method });
  });

  it('finds networks of both tiers, the second tier from the best of the first by validation loss', () => {
    const best = lowest(ran, 'validationLoss');
    expect(ran.result.members).toMatchObject([
      { name: 'tier0', tier: 0, parent: null, state: 'trained' },
      ...TIER1.map((name) => ({ name, tier: 1, parent: 'tier0', state: 'trained' })),
      ...TIER2.map((name) => ({ name, tier: 2, parent: best, state: 'trained' })),
    ]);
  });

  it('makes ensembles of each tier, of all up to each, and a vote of all; of all by the mean is the result', () => {
    const ensembles = ran.result.ensembles.map(({ name, members, rule }) => [name, rule, members]);
    expect(ensembles).toEqual([
      ['tier-0', 'meanSoftmax', ['tier0']],
      [`${prefix}-1`, 'meanSoftmax', TIER1],
      [`${prefix}-0-1`, 'meanSoftmax', ['tier0', ...TIER1]],
      [`${prefix}-2`, 'meanSoftmax', TIER2],
      [`${prefix}-0-1-2`, 'meanSoftmax', ['tier0', ...TIER1, ...TIER2]],
      [`${prefix}-0-1-2-vote`, 'majorityVote', ['tier0', ...TIER1, ...TIER2]],
      [`${prefix}-0-1-2-weighted`, 'validationWeighted', ['tier0', ...TIER1, ...TIER2]],
    ]);
    expect(ran.result.result).toBe(`${prefix}-0-1-2`);
  });

  it('spends each tier its plan, and says exactly what it spent', () => {
    const plan = planBudget(400, { ...ran.config.dspTt, tiers: [3, 2] });
    const rows = rowsOf(ran);
    const inTier = (tier: number, names: readonly string[]) =>
      sum(names.map((name) => rows[`descent-${name}`])) + (rows[`search-tier${tier}`] ?? 0);
    const unused = method === 'random-jump' ? plan.tiers.map(({ search }) => search) : [0, 0];
    expect(rows['descent-tier0']).toBe(plan.tier0);
    expect([inTier(1, TIER1), inTier(2, TIER2)]).toEqual(plan.tiers.map(({ steps }, k) => steps - unused[k]));
    const { budget } = ran.result;
    expect(sum(Object.values(rows))).toBe(budget.steps);
    expect(ran.steps).toBe(budget.steps);
    expect(budget.search).toBe((rows['search-tier1'] ?? 0) + (rows['search-tier2'] ?? 0));
  });

  it('starts the second tier by training loss where that selects, and leaves the first tier as it was', async () => {
    const other = await session.run({ ...TWO_TIERS, method, selectOn: 'training' });
    const parents = other.result.members.filter(({ tier }) => tier === 2).map(({ parent }) => parent);
    expect(new Set(parents)).toEqual(new Set([lowest(ran, 'trainLoss')]));
    expect(other.result.selectedOn).toBe('training');
    expect(other.result.members.slice(0, 4)).toEqual(ran.result.members.slice(0, 4));
    if (method === 'dsp-tt') expect(lowest(ran, 'trainLoss')).not.toBe(lowest(ran, 'validationLoss'));
  });
});

it('random-jump gives the searches of both tiers to the descents when totals are to be equal', async () => {
  const jumped = await session.run({ ...TWO_TIERS, method: 'random-jump', randomJump: { descents: 'equalTotal' } });
  const rows = rowsOf(jumped);
  expect([jumped.steps, jumped.result.budget.steps, sum(Object.values(rows))]).toEqual([400, 400, 400]);
  expect(sum(TIER2.map((name) => rows[`descent-${name}`]))).toBe(120);
});

it('a tier without any exit ends the run: the tiers before it are ensembled, and its share stays unspent', async () => {
  const never = { ...TWO_TIERS.dspTt, detector: { buffer: 3, decay: 0.7, minRise: 1000, startBatches: 3 } };
  const { result, steps } = await session.run({ ...TWO_TIERS, dspTt: never });
  expect(result.members.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'tier0 trained',
    ...TIER1.map((name) => `${name} exhausted`),
  ]);
  expect(result.ensembles.map(({ name, members }) => [name, members.length])).toEqual([
    ...[
      ['tier-0', 1],
      ['tier-1', 0],
      ['tier-0-1', 1],
    ],
    ...[
      ['tier-2', 0],
      ['tier-0-1-2', 1],
      ['tier-0-1-2-vote', 1],
      ['tier-0-1-2-weighted', 1],
    ],
  ]);
  expect([result.budget.steps, steps, result.budget.search]).toEqual([220, 220, 60]);
});

describe('full training', () => {
  const FULL = { seed: 2, dspTt: { tiers: [3], fullTrain: true } };

  it('of random-jump spends a whole budget a network, without the search that it does not make', async () => {
    const { result, steps } = await session.run({ ...FULL, method: 'random-jump' });
    expect(result.budget).toMatchObject({ steps: 925, tier0: 250 });
    expect(steps).toBe(925);
  });

  it('of dsp-tt spends a whole budget a network, tier 0 as if it were the only one, and searches no longer', async () => {
    const full = await session.run({ ...FULL, method: 'dsp-tt' });
    const single = await session.run({ seed: 2, method: 'single' });
    expect(full.result.budget).toMatchObject({ steps: 1000, tier0: 250 });
    expect(full.steps).toBe(1000);
    expect(memberFile(full, 'tier0')).toEqual(memberFile(single, 'tier0'));
    expect(full.result.budget.search).toBeLessThanOrEqual(75);
    const descents = TIER1.map((name) => trace(full, `descent-${name}`).length);
    expect(sum(descents)).toBe(750 - full.result.budget.search);
    expect(Math.max(...descents) - Math.min(...descents)).toBeLessThanOrEqual(1);
  });
});
