import { ConfigError } from '../../src/errors';
import { METHODS } from '../../src/methods';
import { mustTakeEma } from '../../src/run/preflight';
import { tinyConfig } from '../builders';
import { parametersOf, WineTask } from './wine-task';

const task = new WineTask();
const DECAY = 0.9;
const ema = { localSolver: { ema: DECAY } };

describe('a descent that ends in the running average of its weights', () => {
  it('leaves the average of torch from its first weights on', async () => {
    const done = await task.run('single', { ...ema, budget: { steps: 12 } });
    const left = await parametersOf(done, 'tier0');
    const twin = await task.open({ budget: { steps: 12 } });
    const { executor } = twin;
    const [{ point, stream, lr, solver }] = done.descents;
    await executor.newPoint(point, 'init/tier0');
    let average = Float64Array.from(await parametersOf(twin, point));
    for (const [step, rate] of lr.entries()) {
      await executor.descend({ point, stream, start: step, lr: Float64Array.of(rate), solver });
      const weights = await parametersOf(twin, point);
      average = average.map((value, i) => DECAY * value + (1 - DECAY) * weights[i]);
    }
    for (const [i, value] of left.entries()) expect(value).toBeCloseTo(average[i], 5);
  });

  it('is of tier 0 and of every member', async () => {
    const done = await task.run('dsp-tt', ema);
    expect(done.descents.length).toBeGreaterThan(1);
    for (const { ema } of done.descents) expect(ema).toBe(DECAY);
  });

  it('goes through the same steps as one that ends in its last weights', async () => {
    const [averaged, plain] = [await task.run('independent', ema), await task.run('independent')];
    expect(averaged.outcome.traces).toEqual(plain.outcome.traces);
    expect(averaged.outcome.spent).toEqual(plain.outcome.spent);
  });

  it('has batch-norm statistics of the average', async () => {
    const digits = { ...ema, preset: 'digits', budget: { steps: 30 } } as const;
    const { executor } = await task.run('single', digits);
    const before = (await executor.evaluate('tier0', 'test')).loss;
    await executor.reestimate('tier0', 'statistics/tier0');
    expect((await executor.evaluate('tier0', 'test')).loss).toBe(before);
    await executor.reestimate('tier0', 'statistics/other');
    expect((await executor.evaluate('tier0', 'test')).loss).not.toBe(before);
  });

  it('is left out where a network has diverged', async () => {
    const values = { ...ema, independent: { members: 2 }, localSolver: { ema: DECAY, lr: 1e30 } };
    await expect(task.run('independent', values)).rejects.toThrow('all 2 networks diverged');
  });
});

describe('a method whose networks are no whole descents', () => {
  const others = Object.keys(METHODS).filter((method) => METHODS[method].takesEma !== true);

  it.each(others)('refuses the average, before Python starts: %s', (method) => {
    const config = tinyConfig({ ...ema, method });
    expect(() => mustTakeEma(config)).toThrow(ConfigError);
    expect(() => mustTakeEma(config)).toThrow(
      `localSolver.ema is for methods whose networks are each one whole descent (dsp-tt, random-jump, independent, single), got method ${method}`,
    );
    expect(() => mustTakeEma(tinyConfig({ method }))).not.toThrow();
  });

  it('is not dsp-tt, but averages its members in one way alone', () => {
    expect(() => mustTakeEma(tinyConfig(ema))).not.toThrow();
    expect(() => mustTakeEma(tinyConfig({ ...ema, dspTt: { averageMembers: true } }))).toThrow('choose one');
  });
});
