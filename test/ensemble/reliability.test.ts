import { metrics } from '../../src/ensemble/metrics';
import { atTemperature, expectedCalibrationErrorPct, reliability } from '../../src/ensemble/reliability';
import { lossAtTemperature } from '../../src/ensemble/temperature';

/** Confidences 0.95 (right), 0.94 (wrong) and 0.6 (right). */
const PROBABILITIES = Float64Array.of(0.95, 0.05, 0.94, 0.06, 0.4, 0.6);
const TARGETS = Float32Array.of(0, 1, 1);

describe('reliability', () => {
  it('tells for each bin with samples how sure and how often right they were', () => {
    const bins = reliability(PROBABILITIES, TARGETS);
    expect(bins.map(({ samples, accuracy }) => ({ samples, accuracy }))).toEqual([
      { samples: 1, accuracy: 1 },
      { samples: 2, accuracy: 0.5 },
    ]);
    expect(bins[1].confidence).toBeCloseTo(0.945, 12);
    expect([bins[1].from, bins[1].to]).toEqual([14 / 15, 1]);
  });

  it('has the expected calibration error that metrics have', () => {
    const error = expectedCalibrationErrorPct(reliability(PROBABILITIES, TARGETS));
    expect(error).toBeCloseTo(metrics(PROBABILITIES, TARGETS).ecePct, 10);
    expect(error).toBeCloseTo((100 * (0.4 + 2 * 0.445)) / 3, 10);
  });
});

describe('probabilities after a temperature', () => {
  it('are the same at 1', () => {
    for (const [i, p] of atTemperature(PROBABILITIES, 2, 1).entries()) expect(p).toBeCloseTo(PROBABILITIES[i], 12);
  });

  it('have the loss that the temperature was fitted for', () => {
    const { loss } = metrics(atTemperature(PROBABILITIES, 2, 2.5), TARGETS);
    expect(loss).toBeCloseTo(lossAtTemperature(PROBABILITIES, TARGETS, 2.5), 12);
  });

  it('sum to 1 in every row, also of what is nearly certain', () => {
    const [a, b, c] = atTemperature(Float32Array.of(1, 0, 1e-30), 3, 0.1);
    expect(a + b + c).toBeCloseTo(1, 12);
    expect(a).toBe(1);
  });
});
