import type { Worker } from '../../src/bridge/workers/worker';
import { ConfigError } from '../../src/errors';
import type { Descent } from '../../src/executor/executor';
import type { TaskSpec } from '../../src/executor/task-spec';
import { TorchExecutor, type TorchOptions } from '../../src/executor/torch';
import { SGD } from '../bridge/requests';
import { DIGITS, failureOf, startWorker, WINE } from '../builders';

const STACKED: TaskSpec = { ...WINE, membersAtOnce: 3, membersWay: 'stack' };
/** Five networks: a group of two and one of three, some a step longer than the others. */
const STEPS = [21, 21, 20, 20, 22];

const programs: Descent[] = STEPS.map((steps, k) => ({
  point: `m${k}`,
  stream: `data/m${k}`,
  start: k,
  lr: Float64Array.from({ length: steps }, (_, i) => 0.05 / (1 + i)),
  solver: SGD,
}));

describe('networks that are trained as one stack', () => {
  let worker: Worker;
  beforeAll(async () => {
    worker = (await startWorker()).worker;
  });

  /** Train them; answers losses and parameters. */
  async function trained(spec: TaskSpec, options: TorchOptions = {}, given: readonly Descent[] = programs) {
    const executor = await TorchExecutor.open(worker, spec, options);
    for (const { point } of given) await executor.newPoint(point, `init/${point}`);
    const answers = await executor.descendAll(given);
    const errors: (number | null)[] = [];
    for (const { point } of given) errors.push((await executor.evaluate(point, 'test')).loss);
    return { answers, errors };
  }

  it('are those that are trained one after the other, but for rounding, and answer in their order', async () => {
    const [one, all] = [await trained(WINE), await trained(STACKED)];
    for (const [k, { loss, finite }] of all.answers.entries()) {
      expect([loss.length, finite]).toEqual([STEPS[k], true]);
      for (const [i, value] of loss.entries()) expect(value).toBeCloseTo(one.answers[k].loss[i], 4);
      expect(all.errors[k]).toBeCloseTo(one.errors[k] ?? 0, 4);
    }
  });

  it('are the same to the bit however their program is cut, and say how far each one is', async () => {
    const told = new Map<string, number>();
    const whole = await trained(STACKED);
    const cut = await trained(STACKED, { chunk: 3, onProgress: ({ what, done }) => told.set(what, done) });
    expect(cut).toEqual(whole);
    expect([...told]).toEqual(STEPS.map((steps, k) => [`m${k}`, steps]));
  });

  it('keep their running averages in the stack as alone', async () => {
    const given = programs.map((program) => ({ ...program, ema: 0.8 }));
    const errors: (number | null)[][] = [];
    for (const spec of [WINE, STACKED]) {
      const executor = await TorchExecutor.open(worker, spec);
      for (const { point } of given) await executor.newPoint(point, `init/${point}`);
      await executor.descendAll(given);
      for (const { point } of given) await executor.takeAverage(point);
      errors.push([]);
      for (const { point } of given) errors[errors.length - 1].push((await executor.evaluate(point, 'test')).loss);
    }
    for (const [k, loss] of errors[1].entries()) expect(loss).toBeCloseTo(errors[0][k] ?? 0, 4);
  });

  it('are trained one after the other where their solvers differ or parameters are captured', async () => {
    const [first, second] = programs;
    const given = [first, { ...second, capture: [0] }];
    expect((await trained(STACKED, {}, given)).answers).toEqual((await trained(WINE, {}, given)).answers);
  });

  it('are refused when the task is opened, where the network keeps statistics', async () => {
    const error = await failureOf(TorchExecutor.open(worker, { ...DIGITS, membersAtOnce: 2, membersWay: 'stack' }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(/^membersWay 'stack' trains no networks that keep statistics, as 1 \(BatchNorm2d\)/);
  });
});
