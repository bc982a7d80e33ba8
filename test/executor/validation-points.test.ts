import type { Worker } from '../../src/bridge/workers/worker';
import type { Descent, ValidationPoint } from '../../src/executor/executor';
import type { TaskSpec } from '../../src/executor/task-spec';
import { TorchExecutor, type TorchOptions } from '../../src/executor/torch';
import { pointsAfter, stepsBetweenPoints } from '../../src/executor/validation-points';
import { SGD } from '../bridge/requests';
import { DIGITS, startWorker, WINE } from '../builders';

const SAMPLES = { train: 50_000, validation: 5000, test: 10_000 };

describe('steps between validation points', () => {
  const between = (validation: number, batchSize: number | 'full', stepsPerEpoch: number) =>
    stepsBetweenPoints({ every: 'auto' }, batchSize, { samples: { ...SAMPLES, validation }, stepsPerEpoch });

  it('keep the samples of points below 2 % of those of the training', () => {
    for (const [validation, batchSize] of [
      [5000, 128],
      [44, 30],
      [50_000, 1],
    ] as const) {
      expect(validation / (between(validation, batchSize, 1) ?? 0)).toBeLessThanOrEqual(0.02 * batchSize);
    }
    expect(between(5000, 'full', 1)).toBe(5);
  });

  it('are an epoch at least', () => {
    expect(between(10, 128, 390)).toBe(390);
  });

  it('are those that are stated, and none without validation samples or where points are not wanted', () => {
    const task = { samples: SAMPLES, stepsPerEpoch: 390 };
    expect(stepsBetweenPoints({ every: 7 }, 128, task)).toBe(7);
    expect(stepsBetweenPoints({ every: 'never' }, 128, task)).toBeNull();
    expect(between(0, 128, 390)).toBeNull();
  });

  it('are counted in the data stream, wherever a training begins', () => {
    const measures = [1, 2].map((loss) => ({ loss, errorPct: null }));
    expect(pointsAfter(0, 10, measures).map(({ step }) => step)).toEqual([10, 20]);
    expect(pointsAfter(10, 10, measures).map(({ step }) => step)).toEqual([20, 30]);
    expect(pointsAfter(9, 10, measures).map(({ step }) => step)).toEqual([10, 20]);
  });
});

describe('validation points of a PyTorch worker', () => {
  const [EVERY, LENGTHS] = [4, [10, 9, 12]];
  const descents = LENGTHS.map((steps, k): Descent => {
    const lr = Float64Array.from({ length: steps }, (_, i) => 0.05 / (1 + i));
    return { point: `m${k}`, stream: `data/m${k}`, start: 0, lr, solver: SGD };
  });
  let worker: Worker;
  beforeAll(async () => {
    worker = (await startWorker()).worker;
  });
  afterAll(() => worker.close());

  async function trained(spec: TaskSpec, options: TorchOptions = { validates: true }) {
    const told: [string, ValidationPoint][] = [];
    const onValidation = (network: string, point: ValidationPoint) => told.push([network, point]);
    const validated = { ...spec, validation: { every: EVERY } };
    const executor = await TorchExecutor.open(worker, validated, { onValidation, ...options });
    for (const { point } of descents) await executor.newPoint(point, `init/${point}`);
    const answers = await executor.descendAll(descents);
    const files: Uint8Array[] = [];
    for (const { point } of descents) files.push(await executor.savePoint(point, {}));
    return { executor, points: answers.map(({ validation }) => validation), files, told: [...told] };
  }

  /** The same measured by hand: a network that is trained for so many steps, and then evaluated. */
  async function byHand(executor: TorchExecutor, { point, stream, start, lr, solver }: Descent, step: number) {
    const copy = `${point}-${step}`;
    await executor.newPoint(copy, `init/${point}`);
    await executor.descend({ point: copy, stream, start, lr: lr.subarray(0, step), solver });
    const { loss, errorPct } = await executor.evaluate(copy, 'validation');
    return { step, loss, errorPct };
  }

  it.each([
    ['batch norm', DIGITS],
    ['dropout', { ...WINE, model: { name: 'mlp', args: { hidden: [16], dropout: 0.5 } } }],
  ])('are evaluations at their steps, however a training is cut, and change no network: %s', async (_, spec) => {
    const { executor, points, told, files } = await trained(spec);
    const expected = await Promise.all(descents.map((one) => byHand(executor, one, EVERY)));
    expect(points.map(([first]) => first)).toEqual(expected);
    expect(points.map((own) => own.map(({ step }) => step))).toEqual([
      [4, 8],
      [4, 8],
      [4, 8, 12],
    ]);
    expect(told).toEqual(points.flatMap((own, k) => own.map((point) => [`m${k}`, point])));
    expect((await trained(spec, { validates: true, chunk: 3 })).points).toEqual(points);
    const without = await trained(spec, {});
    expect(without).toMatchObject({ points: [[], [], []], told: [] });
    expect(without.files).toEqual(files);
  });

  it('are the same for networks that are trained as one stack, but for rounding', async () => {
    const { points: alone } = await trained(WINE);
    const { points: stacked } = await trained({ ...WINE, membersAtOnce: 3, membersWay: 'stack' });
    for (const [k, own] of stacked.entries()) {
      expect(own.map(({ step, errorPct }) => [step, errorPct])).toEqual(
        alone[k].map(({ step, errorPct }) => [step, errorPct]),
      );
      for (const [i, { loss }] of own.entries()) expect(loss).toBeCloseTo(alone[k][i].loss, 4);
    }
  });
});
