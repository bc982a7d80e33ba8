import fc from 'fast-check';
import { z } from 'zod';
import { argmax } from '../../src/ensemble/combine';
import { metrics } from '../../src/ensemble/metrics';
import { fitTemperature, lossAtTemperature, PRIOR } from '../../src/ensemble/temperature';
import { askPython } from '../python';
import { ensembles, madeUp, type Sample } from './outputs';

const ORACLES = `
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

answer = []
for case in given:
    logs = np.log(np.array(case["outputs"]).reshape(-1, case["classes"]))
    y = np.array(case["targets"])
    loss = lambda t: float(-log_softmax(logs / np.exp(t), axis=1)[np.arange(len(y)), y].mean())
    sum = lambda t: len(y) * loss(t) + 16 * (np.exp(-t) + t)
    best = minimize_scalar(sum, bounds=(-4, 4), method="bounded", options={"xatol": 1e-9})
    answer.append({"temperature": float(np.exp(best.x)), "sum": float(best.fun), "atTwo": loss(np.log(2))})
`;
const oracleSchema = z.array(z.strictObject({ temperature: z.number(), sum: z.number(), atTwo: z.number() }));

const cases = [
  { name: 'a network too sure of itself', ...madeUp('sure', 400, 10, 12) },
  { name: 'a network too unsure', ...madeUp('unsure', 400, 3, 1) },
  { name: 'two classes', ...madeUp('two', 300, 2, 6) },
];

describe('the temperature', () => {
  let oracles: z.infer<typeof oracleSchema>;
  beforeAll(() => {
    const given = cases.map((made) => ({ ...made, outputs: [...made.outputs], targets: [...made.targets] }));
    oracles = oracleSchema.parse(askPython(ORACLES, given));
  });

  it.each(cases.map(({ name }, index) => [name, index] as const))('is the one scipy finds: %s', (_name, index) => {
    const { outputs, targets } = cases[index];
    const temperature = fitTemperature(outputs, targets);
    expect(temperature / oracles[index].temperature).toBeCloseTo(1, 5);
    expect(sumAt(temperature, cases[index]) / targets.length).toBeCloseTo(oracles[index].sum / targets.length, 9);
    expect(lossAtTemperature(outputs, targets, 2)).toBeCloseTo(oracles[index].atTwo, 9);
  });

  it('is found in a few passes over the data: the minimum itself is an end of the bracket', () => {
    for (const { outputs, targets } of cases) {
      const exp = jest.spyOn(Math, 'exp');
      fitTemperature(outputs, targets);
      const passes = exp.mock.calls.length / outputs.length;
      exp.mockRestore();
      expect(passes).toBeLessThan(20);
    }
  });

  it('has cases on both sides of 1', () => {
    const fitted = cases.map(({ outputs, targets }) => fitTemperature(outputs, targets));
    expect(Math.max(...fitted)).toBeGreaterThan(1.2);
    expect(Math.min(...fitted)).toBeLessThan(0.8);
  });

  it('1 leaves the cross-entropy as it is', () => {
    const { outputs, targets } = cases[0];
    expect(lossAtTemperature(outputs, targets, 1)).toBeCloseTo(metrics(outputs, targets).loss, 9);
  });

  it('never makes the loss that it is fitted on worse, and no other temperature makes loss and prior better', () => {
    const others = fc.double({ min: 0.001, max: 1000, noNaN: true });
    fc.assert(
      fc.property(ensembles, others, ({ members: [outputs], targets }, other) => {
        const temperature = fitTemperature(outputs, targets);
        const fitted = lossAtTemperature(outputs, targets, temperature);
        expect(fitted).toBeLessThanOrEqual(metrics(outputs, targets).loss + 1e-9);
        expect(sumAt(temperature, { outputs, targets })).toBeLessThanOrEqual(sumAt(other, { outputs, targets }) + 1e-6);
      }),
    );
  });

  it('undoes a temperature that was put in, the better the more samples there are', () => {
    const { outputs, targets, classes } = cases[2];
    const hotter = sharpened(outputs, classes, 1 / 3);
    const away = [1, 10, 100].map((times) => {
      const [hot, cool] = [hotter, outputs].map((each) =>
        fitTemperature(repeated(each, times), repeated(targets, times)),
      );
      return Math.abs(hot / cool / 3 - 1);
    });
    expect(away[0]).toBeLessThan(0.1);
    expect(away[1]).toBeLessThan(away[0] / 8);
    expect(away[2]).toBeLessThan(away[1] / 8);
  });

  it('comes to the lowest loss as samples increase', () => {
    const { outputs, targets } = cases[2];
    const losses = [1, 10, 100].map((times) => {
      const temperature = fitTemperature(repeated(outputs, times), repeated(targets, times));
      return lossAtTemperature(outputs, targets, temperature);
    });
    const lowest = Math.min(
      ...Array.from({ length: 400 }, (_, i) => lossAtTemperature(outputs, targets, 0.5 + i / 100)),
    );
    expect(losses[0]).toBeGreaterThan(losses[1]);
    expect(losses[1]).toBeGreaterThan(losses[2]);
    expect(losses[2] - lowest).toBeLessThan(1e-5);
  });

  it('is between those of the prior and of the lowest loss, however few the samples', () => {
    fc.assert(
      fc.property(ensembles, ({ members: [outputs], targets }) => {
        const few = fitTemperature(outputs, targets);
        const more = fitTemperature(repeated(outputs, 10), repeated(targets, 10));
        expect(Math.abs(Math.log(few))).toBeLessThanOrEqual(Math.abs(Math.log(more)) + 1e-9);
        expect(Math.log(few) * Math.log(more)).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  it('does not know in which unit the probabilities of a sample are', () => {
    const units = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(ensembles, units, ({ members: [outputs], targets, classes }, unit) => {
        const scaled = outputs.map((value, i) => value * unit[Math.floor(i / classes)]);
        expect(fitTemperature(scaled, targets)).toBeCloseTo(fitTemperature(outputs, targets), 6);
      }),
    );
  });

  it('is a little below 1 where no sample of a few is mistaken, and a little above where all are', () => {
    for (const samples of [1, 9, 100]) {
      const right = fitTemperature(repeated([0.9, 0.1], samples), new Int32Array(samples));
      expect(right).toBeLessThan(1);
      expect(right).toBeGreaterThan(0.3);
      const wrong = fitTemperature(repeated([0.1, 0.9], samples), new Int32Array(samples));
      expect(wrong).toBeGreaterThan(1);
      expect(wrong).toBeLessThan(3 * (1 + samples));
    }
  });

  it('makes no loss much larger by the confidence of a few samples without a mistake', () => {
    const mistaken = Float64Array.from([...repeated([0.98, 0.02], 60), 0.05, 0.95]);
    const temperature = fitTemperature(repeated([0.98, 0.02], 9), new Int32Array(9));
    const before = lossAtTemperature(mistaken, new Int32Array(61), 1);
    expect(lossAtTemperature(mistaken, new Int32Array(61), temperature)).toBeLessThan(1.2 * before);
  });

  it('is 1 for outputs that no temperature changes', () => {
    expect(fitTemperature(Float64Array.of(0.5, 0.5, 0.5, 0.5), Int32Array.of(0, 0))).toBe(1);
  });

  it('is a number, and so is the loss at it, where probabilities were rounded to 0', () => {
    const outputs = Float32Array.of(1, 0, 0, 0, 1, 0, 0.5, 0.5, 0);
    const targets = Int32Array.of(0, 2, 1);
    const temperature = fitTemperature(outputs, targets);
    expect(temperature).toBeGreaterThan(1);
    expect(lossAtTemperature(outputs, targets, temperature)).toBeLessThan(metrics(outputs, targets).loss);
  });
});

describe('the temperature without a prior, as of runs that were begun before there was one', () => {
  it('never makes the loss that it is fitted on worse, and no other temperature makes it better', () => {
    const others = fc.double({ min: 0.011, max: 99, noNaN: true });
    fc.assert(
      fc.property(ensembles, others, ({ members: [outputs], targets }, other) => {
        const temperature = fitTemperature(outputs, targets, 0);
        const fitted = lossAtTemperature(outputs, targets, temperature);
        expect(fitted).toBeLessThanOrEqual(metrics(outputs, targets).loss + 1e-9);
        expect(fitted).toBeLessThanOrEqual(lossAtTemperature(outputs, targets, other) + 1e-9);
      }),
    );
  });

  it('undoes a temperature that was put in', () => {
    const { outputs, targets, classes } = cases[2];
    const hotter = sharpened(outputs, classes, 1 / 3);
    expect(fitTemperature(hotter, targets, 0) / 3).toBeCloseTo(fitTemperature(outputs, targets, 0), 6);
  });

  it('stays within a hundred times up and down where nothing, or everything, is wrong', () => {
    const outputs = Float64Array.of(0.7, 0.3, 0.2, 0.8);
    expect(fitTemperature(outputs, Int32Array.of(0, 1), 0)).toBeCloseTo(0.01, 6);
    expect(fitTemperature(outputs, Int32Array.of(1, 0), 0)).toBeCloseTo(100, 2);
  });
});

/** What is as small as it can be: the cross-entropy of all samples, and the prior. */
function sumAt(temperature: number, { outputs, targets }: Pick<Sample, 'outputs' | 'targets'>): number {
  return (
    targets.length * lossAtTemperature(outputs, targets, temperature) +
    PRIOR * (1 / temperature + Math.log(temperature))
  );
}

/** The samples again and again. */
function repeated(values: ArrayLike<number>, times: number): Float64Array {
  return Float64Array.from({ length: values.length * times }, (_, i) => values[i % values.length]);
}

/** Probabilities to a power, renormalised: what a temperature of 1/power does. */
function sharpened(outputs: Float64Array, classes: number, temperature: number): Float64Array {
  const powers = outputs.map((p) => p ** (1 / temperature));
  return powers.map((value, i) => {
    const row = Math.floor(i / classes) * classes;
    const top = powers[row + argmax(powers, row, classes)];
    const total = powers.subarray(row, row + classes).reduce((sum, other) => sum + other / top, 0);
    return value / top / total;
  });
}
