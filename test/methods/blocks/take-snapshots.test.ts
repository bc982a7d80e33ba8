import type { ConfigInput } from '../../../src/config/schema';
import { ConfigError, DivergedError } from '../../../src/errors';
import { triangularCycle } from '../../../src/methods/fge';
import { cosineCycle, garipov } from '../../../src/schedules';
import { failureOf } from '../../builders';
import { column, type Done, parametersOf, WineTask } from '../wine-task';

const task = new WineTask();

/** The steps after which a method's members were taken from its training. */
const takenAt = ({ copies }: Done) =>
  copies.filter(({ point }) => point.startsWith('member')).map(({ steps }) => steps);

describe('snapshot ensembles', () => {
  it('follow a cosine from the full rate in each cycle, and take a member at its end', async () => {
    const done = await task.run('snapshot', { budget: { steps: 90 }, snapshot: { cycles: 3, lr: 0.08 } });
    const cycle = [...cosineCycle(0.08, 30)];
    expect(column(done, 'descent-training', 'lr')).toEqual([...cycle, ...cycle, ...cycle]);
    expect(takenAt(done)).toEqual([30, 60, 90]);
  });
});

describe('fast geometric ensembling', () => {
  it('trains its checkpoint with the usual schedule, then cycles, and takes members at the lowest rates', async () => {
    const options = { start: 0.6, cycles: 2, lrMax: 0.05, lrMin: 0.001 };
    const done = await task.run('fge', { budget: { steps: 100 }, fge: options, localSolver: { schedule: 'garipov' } });
    const rates = column(done, 'descent-training', 'lr');
    const cycle = [...triangularCycle(0.05, 0.001, 20)];
    const checkpoint = garipov(done.config.localSolver.lr, 100).subarray(0, 60);
    expect(rates).toEqual([...checkpoint, ...cycle, ...cycle]);
    expect(takenAt(done)).toEqual([70, 90]);
    for (const taken of [70, 90]) expect(rates[taken - 1]).toBeCloseTo(0.001, 12);
  });
});

describe('independent networks', () => {
  it('have an initialisation and a data order each', async () => {
    const done = await task.run('independent', { budget: { steps: 8 }, independent: { members: 2 } });
    expect(done.descents.map(({ stream, lr }) => [stream, lr.length])).toEqual([
      ['data/member1', 4],
      ['data/member2', 4],
    ]);
    expect(await parametersOf(done, 'member1')).not.toEqual(await parametersOf(done, 'member2'));
  });
});

describe('horizontal voting', () => {
  it('takes the networks at the ends of the last epochs of one training with the usual schedule', async () => {
    const done = await task.run('horizontal', { horizontal: { members: 4, everyEpochs: 2 } });
    expect(column(done, 'descent-training', 'step')).toEqual([...Array(250).keys()]);
    const single = await task.run('single');
    expect(column(done, 'descent-training', 'lr')).toEqual(column(single, 'descent-tier0', 'lr'));
    expect(column(done, 'descent-training', 'loss')).toEqual(column(single, 'descent-tier0', 'loss'));
    expect(takenAt(done)).toEqual([232, 238, 244, 250]);
    expect(done.outcome.ensembles).toMatchObject([
      { name: 'horizontal', members: [1, 2, 3, 4].map((k) => `member${k}`) },
    ]);
  });

  it('has as its last member the network that the training ends with', async () => {
    const done = await task.run('horizontal');
    const last = await parametersOf(done, 'member6');
    const single = await task.run('single');
    expect(await parametersOf(single, 'tier0')).toEqual(last);
  });

  it('has no room for more members than the budget has epochs, and says so before it trains', async () => {
    const error = await failureOf(task.run('horizontal', { budget: { steps: 15 } }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(/budget of 15 steps .* horizontal\.members 6, one every 3 steps/);
  });

  it('ends when it diverges before its first member', async () => {
    await expect(task.run('horizontal', { localSolver: { lr: 1e30 } })).rejects.toThrow(DivergedError);
  });
});

/** Two cycles of 75 steps: 60 of exploration, 15 of sampling, of which 3 members are taken. */
const TINY = { budget: { steps: 150 }, csgMcmc: { cycles: 2, samples: 3, lr: 0.05, temperature: 1 } };
const at = (temperature: number): ConfigInput => ({ ...TINY, csgMcmc: { ...TINY.csgMcmc, temperature } });

describe('cSG-MCMC', () => {
  let done: Done;
  beforeAll(async () => {
    done = await task.run('csg-mcmc', TINY);
  });

  it('makes every step of its budget once, with a cosine in each cycle', () => {
    expect(column(done, 'descent-training', 'step')).toEqual([...Array(150).keys()]);
    const cycle = [...cosineCycle(0.05, 75)];
    expect(column(done, 'descent-training', 'lr')).toEqual([...cycle, ...cycle]);
  });

  it('takes its members at equal distances in the sampling part of each cycle, the last at its end', () => {
    expect(takenAt(done)).toEqual([65, 70, 75, 140, 145, 150]);
    expect(done.outcome.candidates.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6].map((k) => `member${k}`));
  });

  it('adds noise in the sampling part only, of the deviation that its rate, momentum and data need', () => {
    const { momentum } = done.config.localSolver;
    const { train } = done.executor.task.samples;
    for (const { start, lr, noise } of done.descents) {
      if (start % 75 === 0) expect(noise).toBeUndefined();
      else expect(noise).toEqual(lr.map((rate) => Math.sqrt((2 * (1 - momentum)) / (train * rate))));
    }
    expect(momentum).toBeGreaterThan(0);
  });

  it('shares its losses with a run without noise up to the first noise, and no further', async () => {
    const cold = await task.run('csg-mcmc', at(0));
    const [warm, still] = [done, cold].map((run) => column(run, 'descent-training', 'loss'));
    const differs = warm.findIndex((loss, step) => loss !== still[step]);
    expect(differs).toBe(61); // the loss of step 60 was measured before that step's noise moved the weights
  });

  it('gives members that differ from each other and from those of another seed', async () => {
    const other = await task.run('csg-mcmc', { ...TINY, seed: 1 });
    const theirs = await parametersOf(other, 'member1');
    const again = await task.run('csg-mcmc', TINY);
    const [first, second] = [await parametersOf(again, 'member1'), await parametersOf(again, 'member2')];
    expect(first).not.toEqual(theirs);
    expect(first).not.toEqual(second);
  });

  it('samples with SGD whatever the local solver is, with its momentum and weight decay', async () => {
    const adam: ConfigInput = {
      ...TINY,
      localSolver: { solver: 'adam', nesterov: true, momentum: 0.5, weightDecay: 0.01 },
    };
    const { descents } = await task.run('csg-mcmc', adam);
    for (const { solver } of descents) {
      expect(solver).toMatchObject({ solver: 'sgd', nesterov: false, momentum: 0.5, weightDecay: 0.01 });
    }
  });

  it('ends when it diverges before its first member', async () => {
    const values = { ...TINY, csgMcmc: { ...TINY.csgMcmc, lr: 1e30 } };
    await expect(task.run('csg-mcmc', values)).rejects.toThrow(DivergedError);
  });

  it('has no room for more samples than steps, and says so before it trains', async () => {
    const error = await failureOf(task.run('csg-mcmc', { ...TINY, budget: { steps: 10 } }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(/budget of 10 steps is too small: it leaves less than a step for each of 6 members/);
  });
});

describe('a budget that is too small', () => {
  it.each([
    ['snapshot', 5],
    ['fge', 5],
    ['independent', 5],
  ])('is refused by %s with the number of its members, before it trains', async (method, steps) => {
    const error = await failureOf(task.run(method, { budget: { steps } }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(/budget of 5 steps is too small: it leaves less than a step for each of 6 members/);
  });
});
