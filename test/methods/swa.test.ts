import { DivergedError } from '../../src/errors';
import { averageWhileTraining } from '../../src/methods/blocks/average';
import { garipov } from '../../src/schedules';
import { failureOf } from '../builders';
import { column, type Done, type Opened, parametersOf, WineTask } from './wine-task';

const task = new WineTask();
const HUGE = 1e30;

describe('SWA', () => {
  let done: Done;
  beforeAll(async () => {
    done = await task.run('swa', { swa: { everyEpochs: 4 }, localSolver: { schedule: 'garipov', lr: 0.05 } });
  });

  it('makes every step of its budget once, in order', () => {
    expect(column(done, 'descent-swa', 'step')).toEqual([...Array(250).keys()]);
    expect(done.outcome.spent).toEqual({ steps: 250, tier0: 0, search: 0 });
  });

  it("comes down to the averaging's rate by the start of the averaging, as its authors' code, and stays there", () => {
    const rates = column(done, 'descent-swa', 'lr');
    for (const [step, factor] of garipov(1, 187).entries()) {
      expect(rates[step]).toBeCloseTo(0.05 * (0.5 + (0.5 * (factor - 0.01)) / 0.99), 12);
    }
    expect(rates.slice(187)).toEqual(new Array(63).fill(0.025));
  });

  it('is one network, the ensemble of its name', () => {
    expect(done.outcome.candidates).toMatchObject([{ name: 'swa', state: 'trained', tier: 0, parent: null }]);
    expect(done.outcome.ensembles).toEqual([{ name: 'swa', members: ['swa'], rule: 'meanSoftmax' }]);
    expect(done.outcome.result).toBe('swa');
  });

  it('takes weights in every so many epochs, and at the start of the averaging', () => {
    const starts = done.descents.map(({ start }) => start);
    expect(starts).toEqual([0, 187, 200, 213, 226, 238]);
  });

  it('ends a run that diverges before or while it averages, with the rate of that part', async () => {
    const early = await failureOf(task.run('swa', { localSolver: { lr: HUGE } }));
    expect(early).toBeInstanceOf(DivergedError);
    expect(early.message).toMatch(/^swa diverged: at its step \d+ .* \(lr0 is 1e\+30\)/);
    const late = await failureOf(
      task.run('swa', { localSolver: { lr: 0.01, schedule: 'constant' }, swa: { lrTimes: 1e32 } }),
    );
    expect(late).toBeInstanceOf(DivergedError);
    expect(late.message).toMatch(/^the averaging of swa diverged: at its step \d+ .* \(lr0 is 1e\+30\)/);
  });
});

describe('a training that ends in the average of its weights', () => {
  const lr = new Float64Array(14).fill(0.05);
  const averaged = { point: 'a', stream: 'data/a', lr, every: 5 };
  const MOMENTS = [0, 5, 10, 14]; // 14 steps at equal distances of about 5: 5, 5 and 4

  /** A network of the task, and the weights of a twin of it at the moments of the average. */
  async function twin(opened: Opened, start: number): Promise<Float32Array[]> {
    const { executor, config } = opened;
    await executor.newPoint('a', 'init/a');
    await executor.copyPoint('twin', 'a');
    const weights = [await parametersOf(opened, 'twin')];
    for (const [k, moment] of MOMENTS.slice(1).entries()) {
      const part = { start: start + MOMENTS[k], lr: lr.subarray(MOMENTS[k], moment), solver: config.localSolver };
      await executor.descend({ point: 'twin', stream: 'data/a', ...part });
      weights.push(await parametersOf(opened, 'twin'));
    }
    return weights;
  }

  const meanOf = (weights: readonly Float32Array[]) =>
    weights[0].map((_, i) => weights.reduce((sum, one) => sum + one[i] / weights.length, 0));

  it('leaves the equal mean of the weights at equal distances and at the end', async () => {
    const opened = await task.open({});
    const weights = await twin(opened, 0);
    const { divergedAt, trace } = await averageWhileTraining(opened.context, { ...averaged, start: 0 });
    expect(divergedAt).toBeNull();
    expect(trace.columns.step).toHaveLength(14);
    const [mean, got] = [meanOf(weights.slice(1)), await parametersOf(opened, 'a')];
    for (const [i, value] of got.entries()) expect(value).toBeCloseTo(mean[i], 5);
    const apart = Math.hypot(...got.map((value, i) => value - weights[3][i]));
    expect(apart).toBeGreaterThan(1e-2); // so that the mean is not just where the training ended
  });

  it('counts the weights that it starts from, where they are trained already', async () => {
    const opened = await task.open({});
    const weights = await twin(opened, 30);
    await averageWhileTraining(opened.context, { ...averaged, start: 30 });
    const [mean, got] = [meanOf(weights), await parametersOf(opened, 'a')];
    for (const [i, value] of got.entries()) expect(value).toBeCloseTo(mean[i], 5);
  });

  it('re-estimates the batch-norm statistics of the average', async () => {
    const opened = await task.open({ dataset: { name: 'digits' }, model: { name: 'conv', args: {} } });
    const { executor } = opened;
    await executor.newPoint('a', 'init/a');
    await executor.copyPoint('fresh', 'a');
    await averageWhileTraining(opened.context, { ...averaged, start: 0 });
    const got = await executor.evaluate('a', 'validation');
    await executor.placePoint('stale', 'fresh', await parametersOf(opened, 'a'));
    expect((await executor.evaluate('stale', 'validation')).outputs).not.toEqual(got.outputs);
    await executor.reestimate('stale', 'statistics/a');
    expect((await executor.evaluate('stale', 'validation')).outputs).toEqual(got.outputs);
  });

  it('leaves no other point behind, and the place free for another', async () => {
    const opened = await task.open({});
    await opened.executor.newPoint('a', 'init/a');
    for (const start of [0, 14]) await averageWhileTraining(opened.context, { ...averaged, start });
    for (const count of [1, 2, 3, 4]) {
      await expect(opened.executor.evaluate(`a-average${count}`, 'validation')).rejects.toThrow(/no point|unknown/);
    }
  });

  it('tells where it diverged, makes all its steps, and averages nothing more', async () => {
    const opened = await task.open({});
    await opened.executor.newPoint('a', 'init/a');
    const rates = lr.map((rate, step) => (step < 7 ? rate : HUGE));
    const { divergedAt, trace } = await averageWhileTraining(opened.context, { ...averaged, lr: rates, start: 0 });
    expect(divergedAt).toBeGreaterThanOrEqual(7);
    expect(trace.columns.loss).toHaveLength(14);
    expect((await parametersOf(opened, 'a')).every(Number.isFinite)).toBe(false);
  });
});
