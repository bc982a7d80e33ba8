import fc from 'fast-check';
import { z } from 'zod';
import { combine } from '../../src/ensemble/combine';
import { decisionsOf, presentOf } from '../../src/ensemble/decisions';
import { labelScores, mistakenSamples, scoresByLabel } from '../../src/ensemble/label-scores';
import { metrics } from '../../src/ensemble/metrics';
import { atTemperature } from '../../src/ensemble/reliability';
import { namedStream } from '../../src/trust-tech/streams';
import { askPython } from '../python';

const ORACLES = `
import numpy as np
from sklearn.metrics import accuracy_score, brier_score_loss, f1_score, hamming_loss, log_loss, roc_auc_score

answer = []
for case in given:
    k = case["labels"]
    p, y = np.array(case["probabilities"]).reshape(-1, k), np.array(case["targets"]).reshape(-1, k)
    found = p > 0.5
    answer.append({
        "errorPct": 100 * hamming_loss(y, found),
        "loss": np.mean([log_loss(y[:, c], p[:, c], labels=[0, 1]) for c in range(k)]),
        "brier": 2 * np.mean([brier_score_loss(y[:, c], p[:, c]) for c in range(k)]),
        "subsetAccuracyPct": 100 * accuracy_score(y, found),
        "macroF1Pct": 100 * f1_score(y, found, average="macro", zero_division=0),
        "auc": roc_auc_score(y, p, average="macro"),
        "f1": (100 * f1_score(y, found, average=None, zero_division=0)).tolist(),
        "aucs": roc_auc_score(y, p, average=None).tolist(),
    })
`;
const oracleSchema = z.array(
  z.strictObject({
    ...{ errorPct: z.number(), loss: z.number(), brier: z.number(), subsetAccuracyPct: z.number() },
    ...{ macroF1Pct: z.number(), auc: z.number(), f1: z.array(z.number()), aucs: z.array(z.number()) },
  }),
);

/** Probabilities of labels of which some are rarer than others, and the labels; `steps` makes equal ones. */
function madeUp(name: string, samples: number, labels: number, steps = 1e6) {
  const draw = namedStream(1, name);
  const targets = Int32Array.from({ length: samples * labels }, (_, i) => Number(draw(labels + 2) < 1 + (i % labels)));
  const probabilities = Float64Array.from(
    targets,
    (target) => (draw(steps - 1) + 1 + 0.4 * target * steps) / (1.4 * steps),
  );
  return { name, labels, targets, probabilities };
}

const cases = [
  madeUp('two labels', 90, 2),
  madeUp('five labels, some of them rare', 300, 5),
  madeUp('equal probabilities', 200, 3, 8),
];

describe('the scores of labels', () => {
  let oracles: z.infer<typeof oracleSchema>;
  beforeAll(() => {
    const given = cases.map(({ labels, targets, probabilities }) => ({
      labels,
      targets: [...targets],
      probabilities: [...probabilities],
    }));
    oracles = oracleSchema.parse(askPython(ORACLES, given));
  });

  it.each(cases.map(({ name }, index) => [name, index] as const))('agree with scikit-learn: %s', (_name, index) => {
    const [{ labels, targets, probabilities }, expected] = [cases[index], oracles[index]];
    const decisions = decisionsOf(probabilities);
    const got = { ...labelScores(decisions, targets, labels), ...metrics(decisions, targets) };
    for (const name of ['errorPct', 'loss', 'brier', 'subsetAccuracyPct', 'macroF1Pct', 'auc'] as const) {
      expect(got[name]).toBeCloseTo(expected[name], 9);
    }
    for (const [label, { f1Pct, auc, errors, samples }] of scoresByLabel(decisions, targets, labels).entries()) {
      expect(f1Pct).toBeCloseTo(expected.f1[label], 9);
      expect(auc).toBeCloseTo(expected.aucs[label], 9);
      expect(samples).toBe(targets.length / labels);
      expect(errors).toBeLessThanOrEqual(samples);
    }
  });

  it('count a label that no sample has, and none is given, as an F1 of 0 and as no area', () => {
    const decisions = decisionsOf(Float64Array.of(0.9, 0.1, 0.2, 0.3));
    expect(labelScores(decisions, Int32Array.of(1, 0, 0, 0), 2)).toEqual({
      balancedAccuracyPct: null,
      macroF1Pct: 50,
      topFiveErrorPct: null,
      auc: null,
      subsetAccuracyPct: 100,
    });
  });
});

const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe('decisions', () => {
  it('are undone by taking what is present, also beside the combination of several members', () => {
    const several = fc
      .integer({ min: 1, max: 8 })
      .chain((length) =>
        fc.array(fc.array(probability, { minLength: length, maxLength: length }), { minLength: 1, maxLength: 4 }),
      );
    fc.assert(
      fc.property(several, (members) => {
        const all = members.map((values) => Float64Array.from(values));
        expect(presentOf(decisionsOf(all[0]))).toEqual(all[0]);
        const mean = combine(all.map(decisionsOf), 2, 'meanSigmoid');
        expect(presentOf(mean)).toEqual(combine(all, 1, 'mean'));
      }),
    );
  });

  it('vote on each label on its own, and the mean breaks ties', () => {
    const members = [Float64Array.of(0.9, 0.6), Float64Array.of(0.2, 0.7)].map(decisionsOf);
    const votes = presentOf(combine(members, 2, 'majorityVote'));
    expect([...votes].map((share) => share > 0.5)).toEqual([true, true]);
    expect(votes[0]).toBeCloseTo(0.5, 5);
  });

  it('are calibrated as the logit over the temperature', () => {
    const inside = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
    fc.assert(
      fc.property(inside, fc.double({ min: 0.2, max: 5, noNaN: true }), (p, temperature) => {
        const [got] = presentOf(atTemperature(decisionsOf(Float64Array.of(p)), 2, temperature));
        expect(got).toBeCloseTo(1 / (1 + Math.exp(-Math.log(p / (1 - p)) / temperature)), 9);
      }),
    );
  });

  it('bound the loss of a probability that 32 bits have rounded to 1', () => {
    expect(metrics(decisionsOf(Float32Array.of(1)), Int32Array.of(0)).loss).toBeCloseTo(25 * Math.LN2, 9);
  });

  it('count the samples of which a label is wrong', () => {
    const decisions = decisionsOf(Float64Array.of(0.9, 0.9, 0.1, 0.9, 0.1, 0.1));
    expect(mistakenSamples(decisions, Int32Array.of(0, 0, 0, 1, 0, 1), 2)).toBe(2);
  });
});
