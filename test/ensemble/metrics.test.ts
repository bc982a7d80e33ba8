import fc from 'fast-check';
import { z } from 'zod';
import { combine } from '../../src/ensemble/combine';
import { metrics, regressionMetrics } from '../../src/ensemble/metrics';
import { askPython } from '../python';
import { ensembles, madeUp } from './outputs';

const ORACLES = `
import numpy as np
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, mean_squared_error, root_mean_squared_error

def calibration_error(p, y):
    confidence, right = p.max(1), p.argmax(1) == y
    total = 0.0
    for k in range(15):
        inside = (confidence > k / 15) & (confidence <= (k + 1) / 15)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return 100 * total

answer = []
for case in given["classes"]:
    p, y = np.array(case["outputs"]).reshape(-1, case["classes"]), np.array(case["targets"])
    answer.append({
        "errorPct": 100 * (1 - accuracy_score(y, p.argmax(1))),
        "loss": log_loss(y, p, labels=np.arange(case["classes"])),
        "brier": float(((p - np.eye(case["classes"])[y]) ** 2).sum(1).mean()),
        "ecePct": calibration_error(p, y),
    })
y, numbers = np.array(given["numbers"]["targets"]), np.array(given["numbers"]["outputs"])
p, right = np.array(given["two"]["outputs"]).reshape(-1, 2)[:, 1], np.array(given["two"]["targets"])
answer = {
    "classes": answer,
    "numbers": {"loss": mean_squared_error(y, numbers), "rmse": root_mean_squared_error(y, numbers)},
    "binaryBrier": brier_score_loss(right, p),
}
`;
const oracleSchema = z.strictObject({
  classes: z.array(z.strictObject({ errorPct: z.number(), loss: z.number(), brier: z.number(), ecePct: z.number() })),
  numbers: z.strictObject({ loss: z.number(), rmse: z.number() }),
  binaryBrier: z.number(),
});

const cases = [
  { name: 'two classes', ...madeUp('two', 300, 2, 4) },
  { name: 'ten classes, sure of themselves', ...madeUp('sure', 500, 10, 20) },
  { name: 'ten classes, unsure', ...madeUp('unsure', 500, 10, 1) },
  { name: 'one sample', ...madeUp('one', 1, 3, 3) },
];
const numbers = {
  outputs: Float64Array.from({ length: 50 }, (_, i) => 3 + Math.sin(i)),
  targets: Float32Array.from({ length: 50 }, (_, i) => 3 + Math.cos(3 * i)),
};

describe('metrics', () => {
  let oracles: z.infer<typeof oracleSchema>;
  beforeAll(() => {
    const listed = <T extends { outputs: Float64Array; targets: Int32Array | Float32Array }>(given: T) => ({
      ...given,
      outputs: [...given.outputs],
      targets: [...given.targets],
    });
    const given = { classes: cases.map(listed), numbers: listed(numbers), two: listed(cases[0]) };
    oracles = oracleSchema.parse(askPython(ORACLES, given));
  });

  it.each(cases.map(({ name }, index) => [name, index] as const))('agree with scikit-learn: %s', (_name, index) => {
    const { outputs, targets } = cases[index];
    const got = metrics(outputs, targets);
    expect(got.errorPct).toBeCloseTo(oracles.classes[index].errorPct, 9);
    expect(got.loss).toBeCloseTo(oracles.classes[index].loss, 9);
    expect(got.brier).toBeCloseTo(oracles.classes[index].brier, 9);
    expect(got.ecePct).toBeCloseTo(oracles.classes[index].ecePct, 9);
  });

  it('agree in single precision, in which the worker answers, to six digits', () => {
    const { outputs, targets } = cases[1];
    expect(metrics(Float32Array.from(outputs), targets).loss).toBeCloseTo(oracles.classes[1].loss, 5);
  });

  it('have twice the Brier score that scikit-learn gives two classes, of which it counts one', () => {
    const { outputs, targets } = cases[0];
    expect(metrics(outputs, targets).brier).toBeCloseTo(2 * oracles.binaryBrier, 9);
  });

  it('take classes as the worker answers them, in 32-bit floats, as well as in whole numbers', () => {
    const { outputs, targets } = cases[2];
    expect(metrics(outputs, Float32Array.from(targets))).toEqual(metrics(outputs, targets));
  });

  it('of numbers are the mean squared error and its root, as scikit-learn has them', () => {
    const got = regressionMetrics(numbers.outputs, numbers.targets);
    expect(got.loss).toBeCloseTo(oracles.numbers.loss, 9);
    expect(got.rmse).toBeCloseTo(oracles.numbers.rmse, 9);
  });

  it('are 0 for outputs that are sure and right', () => {
    const none = { errorPct: 0, loss: 0, brier: 0, ecePct: 0 };
    expect(metrics(Float64Array.of(1, 0, 0, 1), Int32Array.of(0, 1))).toEqual(none);
  });

  it('are largest, and finite, for outputs that are sure and wrong', () => {
    const worst = metrics(Float64Array.of(1, 0, 0, 1), Int32Array.of(1, 0));
    expect(worst).toMatchObject({ errorPct: 100, brier: 2, ecePct: 100 });
    expect(worst.loss).toBeCloseTo(149 * Math.LN2, 9); // what a 32-bit number cannot show is below 2 ** -149
  });

  it('count a sample whose classes are all as likely for its first class', () => {
    const even = Float64Array.of(0.5, 0.5, 0.5, 0.5);
    expect(metrics(even, Int32Array.of(0, 0)).errorPct).toBe(0);
    expect(metrics(even, Int32Array.of(1, 1)).errorPct).toBe(100);
  });

  it('put a confidence on the edge of two bins into the lower one', () => {
    // 8/15 and 0.55 would share the bin from 8/15 on, and their gaps of 7/15 and -0.55 would partly cancel.
    const outputs = Float64Array.of(8 / 15, 7 / 15, 0.55, 0.45);
    expect(metrics(outputs, Int32Array.of(0, 1)).ecePct).toBeCloseTo((100 * (7 / 15 + 0.55)) / 2, 9);
  });

  it('lie within their ranges for any outputs, combined in either way', () => {
    fc.assert(
      fc.property(ensembles, fc.constantFrom('meanSoftmax', 'majorityVote'), ({ members, classes, targets }, rule) => {
        const got = metrics(combine(members, classes, rule), targets);
        expect(got.loss).toBeGreaterThanOrEqual(-1e-12);
        for (const [value, most] of [
          [got.errorPct, 100],
          [got.ecePct, 100],
          [got.brier, 2],
        ] as const) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(most + 1e-9);
        }
      }),
    );
  });

  it('never show a mean of outputs worse than its members on average in cross-entropy and Brier score', () => {
    fc.assert(
      fc.property(ensembles, ({ members, classes, targets }) => {
        const together = metrics(combine(members, classes, 'meanSoftmax'), targets);
        const alone = members.map((outputs) => metrics(outputs, targets));
        for (const key of ['loss', 'brier'] as const) {
          const mean = alone.reduce((sum, member) => sum + member[key] / alone.length, 0);
          expect(together[key]).toBeLessThanOrEqual(mean + 1e-9);
        }
      }),
    );
  });
});
