import { ConfigError, DataError, DivergedError, UsageError } from '../../src/errors';
import { FAST_SEARCH, failureOf } from '../builders';
import { memberFile, TestSession } from './session';

const session = new TestSession();
const HUGE = 1e30;

describe('a loss that stops being a number', () => {
  it('ends a run whose tier 0 diverged with the step, the rate and the remedy, and leaves no run directory', async () => {
    const before = session.left;
    const error = await failureOf(session.run({ method: 'dsp-tt', localSolver: { lr: HUGE } }));
    expect(error).toBeInstanceOf(DivergedError);
    expect(error.message).toMatch(/tier 0 diverged: .* step \d+ .* lower the learning rate \(lr0 is 1e\+30\)/);
    expect(session.left).toEqual(before);
  });

  it('marks the members of FGE after it as diverged with the step, and goes on with those before', async () => {
    const { result, steps } = await session.run({ method: 'fge', budget: { steps: 60 }, fge: { lrMax: HUGE } });
    expect(result.members.map(({ state }) => state)).toEqual(expect.arrayContaining(['trained', 'diverged']));
    for (const { state, divergedAt, testLoss, file } of result.members.filter((member) => member.state !== 'trained')) {
      expect({ state, testLoss, file }).toEqual({ state: 'diverged', testLoss: null, file: null });
      expect(divergedAt).toBeGreaterThanOrEqual(48);
    }
    const usable = result.members.filter(({ state }) => state === 'trained').map(({ name }) => name);
    expect(result.ensembles).toMatchObject([{ name: 'fge', members: usable }]);
    expect(steps).toBe(60);
  });

  it.each(['snapshot', 'independent', 'single', 'random-jump'])('ends %s when no network is left', async (method) => {
    const values = { method, localSolver: { lr: HUGE }, snapshot: { lr: HUGE } };
    const error = await failureOf(session.run(values));
    expect(error).toBeInstanceOf(DivergedError);
    expect(error.message).toMatch(/diverged/);
  });

  it('is found where it is the last step of a training that blows the network up', async () => {
    const error = await failureOf(session.run({ method: 'single', budget: { steps: 1 }, localSolver: { lr: 1e38 } }));
    expect(error).toBeInstanceOf(DivergedError);
  });

  it('marks paths that diverge in the search, with the step, and never as exhausted or as members', async () => {
    const given = await session.run({ method: 'single' });
    const dspTt = { ...FAST_SEARCH, rho2TimesLr: HUGE };
    const { result } = await session.run({ method: 'dsp-tt', dspTt }, { tier0: memberFile(given, 'tier0') });
    for (const member of result.members.slice(1)) {
      expect(member).toMatchObject({ state: 'diverged', exit: null, file: null, divergedAt: expect.any(Number) });
    }
    expect(result.ensembles[2]).toMatchObject({ name: 'tier-0-1', members: ['tier0'] });
  });

  it('marks members whose local solver diverged, and goes on with tier 0', async () => {
    const given = await session.run({ method: 'single' });
    const values = { method: 'random-jump', localSolver: { lr: HUGE } };
    const { result, steps } = await session.run(values, { tier0: memberFile(given, 'tier0') });
    for (const { state, divergedAt } of result.members.slice(1)) {
      expect(state).toBe('diverged');
      expect(divergedAt).toBeGreaterThan(0);
    }
    expect(result.ensembles[2]).toMatchObject({ name: 'jump-0-1', members: ['tier0'] });
    expect(steps).toBe(result.budget.steps - result.budget.tier0);
  });
});

describe('a tier 0 that is given', () => {
  it.each(['dsp-tt', 'random-jump', 'single'])(
    'is what %s starts from, unchanged, and counts as trained',
    async (method) => {
      const trained = await session.run({ method: 'single', seed: 7 });
      const file = memberFile(trained, 'tier0');
      const { result, steps } = await session.run({ method }, { tier0: file });
      const [was, is] = [trained.result.members[0], result.members[0]];
      expect(is).toMatchObject({
        name: 'tier0',
        state: 'given',
        testLoss: was.testLoss,
        testErrorPct: was.testErrorPct,
      });
      expect(is.validationLoss).toBe(was.validationLoss);
      expect(steps).toBe(result.budget.steps - result.budget.tier0);
      expect(result.budget.tier0).toBe(method === 'single' ? 250 : 100);
    },
  );

  it('is refused by a method that trains its own network, before anything is written', async () => {
    const before = session.left;
    const error = await failureOf(session.run({ method: 'snapshot' }, { tier0: new Uint8Array(8) }));
    expect(error).toBeInstanceOf(UsageError);
    expect(session.left).toEqual(before);
  });

  it('is refused where it is of another network, or no safetensors file', async () => {
    const before = await session.run({ method: 'single', model: { args: { hidden: [8] } } });
    const other = await failureOf(session.run({ method: 'single' }, { tier0: memberFile(before, 'tier0') }));
    expect(other).toBeInstanceOf(DataError);
    expect(other.message).toMatch(/tensor '.*' has shape \[8, 13\], the network needs \[16, 13\]/);
    const none = await failureOf(session.run({ method: 'single' }, { tier0: Buffer.from('no network at all') }));
    expect(none).toBeInstanceOf(DataError);
  });
});

it('a budget that cannot hold the search is refused with an increment that fits, before anything is trained', async () => {
  const error = await failureOf(session.run({ dspTt: { ...FAST_SEARCH, rho1: { increment: 0.001 } } }));
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toMatch(/an increment of 0\.\d+ fits/);
});
