import fc from 'fast-check';
import { z } from 'zod';
import { argmax } from '../../src/ensemble/combine';
import { metrics } from '../../src/ensemble/metrics';
import { fitTemperature, lossAtTemperature } from '../../src/ensemble/temperature';
import { askPython } from '../python';
import { ensembles, madeUp } from './outputs';

const ORACLES = `
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

answer = []
for case in given:
    logs = np.log(np.array(case["outputs"]).reshape(-1, case["classes"]))
    y = np.array(case["targets"])
    loss = lambda t: float(-log_softmax(logs / np.exp(t), axis=1)[np.arange(len(y)), y].mean())
    best = minimize_scalar(loss, bounds=(-4, 4), method="bounded", options={"xatol": 1e-9})
    answer.append({"temperature": float(np.exp(best.x)), "loss": float(best.fun), "atTwo": loss(np.log(2))})
`;
const oracleSchema = z.array(z.strictObject({ temperature: z.number(), loss: z.number(), atTwo: z.number() }));

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
    expect(lossAtTemperature(outputs, targets, temperature)).toBeCloseTo(oracles[index].loss, 9);
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

  it('never makes the loss that it is fitted on worse, and no other temperature makes it better', () => {
    const others = fc.double({ min: 0.011, max: 99, noNaN: true });
    fc.assert(
      fc.property(ensembles, others, ({ members: [outputs], targets }, other) => {
        const temperature = fitTemperature(outputs, targets);
        const fitted = lossAtTemperature(outputs, targets, temperature);
        expect(fitted).toBeLessThanOrEqual(metrics(outputs, targets).loss + 1e-9);
        expect(fitted).toBeLessThanOrEqual(lossAtTemperature(outputs, targets, other) + 1e-9);
      }),
    );
  });

  it('undoes a temperature that was put in', () => {
    const { outputs, targets, classes } = cases[2];
    const hotter = sharpened(outputs, classes, 1 / 3);
    expect(fitTemperature(hotter, targets) / 3).toBeCloseTo(fitTemperature(outputs, targets), 6);
  });

  it('stays within a hundred times up and down where nothing, or everything, is wrong', () => {
    const outputs = Float64Array.of(0.7, 0.3, 0.2, 0.8);
    expect(fitTemperature(outputs, Int32Array.of(0, 1))).toBeCloseTo(0.01, 6);
    expect(fitTemperature(outputs, Int32Array.of(1, 0))).toBeCloseTo(100, 2);
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
