import { METHODS } from '../../src/methods';
import { resultEnsemble } from '../../src/store/result';
import { readResult } from '../../src/store/run-directory';
import { type Ran, TestSession, trace } from './session';

const session = new TestSession();

const EXPECTED = {
  'dsp-tt': { members: ['tier0', 'tier1-1', 'tier1-2', 'tier1-3'], result: 'tier-0-1' },
  'random-jump': { members: ['tier0', 'tier1-1', 'tier1-2', 'tier1-3'], result: 'jump-0-1' },
  snapshot: { members: [1, 2, 3, 4, 5, 6].map((k) => `member${k}`), result: 'snapshot' },
  fge: { members: [1, 2, 3, 4, 5, 6].map((k) => `member${k}`), result: 'fge' },
  swa: { members: ['swa'], result: 'swa' },
  horizontal: { members: [1, 2, 3, 4, 5, 6].map((k) => `member${k}`), result: 'horizontal' },
  'csg-mcmc': { members: [...Array(12).keys()].map((k) => `member${k + 1}`), result: 'csg-mcmc' },
  independent: { members: [1, 2, 3, 4, 5, 6].map((k) => `member${k}`), result: 'independent' },
  single: { members: ['tier0'], result: 'single' },
};

it('knows the methods of which the tests below run each', () => {
  expect(Object.keys(METHODS).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(Object.entries(EXPECTED))('method %s', (method, { members, result }) => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await session.run({ method });
  });

  it('spends the steps that it says, and never more than its budget', () => {
    expect(ran.steps).toBe(ran.result.budget.steps);
    expect(ran.result.budget.steps).toBe(method === 'random-jump' ? 175 : 250); // 75 steps of search are not made
    expect(ran.result.budget.epochs).toBe(ran.result.budget.steps / 3);
  });

  it('finds the networks of its names, each measured', () => {
    expect(ran.result.members.map(({ name }) => name)).toEqual(members);
    for (const member of ran.result.members) {
      expect(member).toMatchObject({ state: 'trained', divergedAt: null, trainLoss: expect.any(Number) });
      expect(member.testErrorPct).toBeLessThan(50);
    }
  });

  it('answers with the ensemble fixed beforehand, of all its networks', () => {
    expect(ran.result.result).toBe(result);
    expect(resultEnsemble(ran.result)).toMatchObject({ members, rule: 'meanSoftmax', testLoss: expect.any(Number) });
  });

  it('announces its phases and steps in the order in which they come', () => {
    const types = ran.events.map(({ type }) => type);
    expect(types[0]).toBe('started');
    const phases = ran.events.filter(({ type }) => type === 'phase');
    expect(phases.at(-1)).toEqual({ type: 'phase', phase: 'evaluation', steps: 0 });
    const evaluated = ran.events.flatMap((event) => (event.type === 'evaluated' ? [event.network] : []));
    expect(evaluated).toEqual(ran.result.members);
    expect(ran.events.at(-1)).toEqual({ type: 'finished', result: ran.result });
    const planned = ran.events.map((event) => (event.type === 'phase' ? event.steps : 0)).reduce((a, b) => a + b);
    expect(planned).toBeGreaterThanOrEqual(ran.steps);
  });

  it('leaves a run directory that reads back as its result, with a row a step in its traces', async () => {
    expect(await readResult(ran.out)).toEqual(ran.result);
    const training = ['snapshot', 'fge', 'horizontal', 'csg-mcmc'].includes(method);
    if (!training) expect(trace(ran, `descent-${members[0]}`).length).toBeGreaterThan(0);
  });
});

it('independent spends so many whole budgets as it is told to, and says so', async () => {
  const { result, steps } = await session.run({ method: 'independent', independent: { members: 2, budgets: 3 } });
  expect([result.budget.steps, steps]).toEqual([750, 750]);
  expect(result.members).toHaveLength(2);
});

it('random-jump gives the search of DSP-TT to its descents when their totals are to be equal', async () => {
  const { result, steps } = await session.run({ method: 'random-jump', randomJump: { descents: 'equalTotal' } });
  expect([result.budget.steps, steps]).toEqual([250, 250]);
});

it('a budget in epochs is a budget of so many whole passes over the training data', async () => {
  const { result, steps } = await session.run({ method: 'single', budget: { epochs: 4 } });
  expect(result.budget).toMatchObject({ steps: 12, epochs: 4 });
  expect(steps).toBe(12);
});
