import { z } from 'zod';
import { classScores } from '../../src/ensemble/class-scores';
import { askPython } from '../python';
import { madeUp } from './outputs';

const ORACLES = `
import numpy as np
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score, top_k_accuracy_score

answer = []
for case in given:
    k = case["classes"]
    p, y = np.array(case["outputs"]).reshape(-1, k), np.array(case["targets"])
    p /= p.sum(1, keepdims=True)
    answer.append({
        "balancedAccuracyPct": 100 * balanced_accuracy_score(y, p.argmax(1)),
        "macroF1Pct": 100 * f1_score(y, p.argmax(1), average="macro"),
        "topFiveErrorPct": 100 * (1 - top_k_accuracy_score(y, p, k=5)) if k > 5 else None,
        "auc": roc_auc_score(y, p[:, 1]) if k == 2 else roc_auc_score(y, p, multi_class="ovr", average="macro"),
    })
`;
const score = z.number().nullable();
const oracleSchema = z.array(
  z.strictObject({ balancedAccuracyPct: score, macroF1Pct: score, topFiveErrorPct: score, auc: score }),
);

/** Probabilities in steps of a hundredth, many of them equal, whose most probable class is one alone. */
function rounded(name: string, classes: number) {
  const made = madeUp(name, 400, classes, 3);
  const outputs = made.outputs.map((p) => Math.round(100 * p) / 100);
  for (let row = 0; row < outputs.length; row += classes) {
    const own = made.outputs.subarray(row, row + classes);
    outputs[row + own.indexOf(Math.max(...own))] += 0.01;
  }
  return { ...made, outputs };
}

const cases = [
  { name: 'two classes', ...madeUp('two', 300, 2, 4) },
  { name: 'three classes', ...madeUp('three', 300, 3, 2) },
  { name: 'twelve classes, unsure', ...madeUp('twelve', 600, 12, 1) },
  { name: 'equal probabilities among two classes', ...rounded('ties of two', 2) },
];

describe('class scores', () => {
  let oracles: z.infer<typeof oracleSchema>;
  beforeAll(() => {
    const given = cases.map(({ outputs, targets, classes }) => ({
      classes,
      outputs: [...outputs],
      targets: [...targets],
    }));
    oracles = oracleSchema.parse(askPython(ORACLES, given));
  });

  it.each(cases.map(({ name }, index) => [name, index] as const))('agree with scikit-learn: %s', (_name, index) => {
    const { outputs, targets } = cases[index];
    const got = classScores(outputs, targets);
    for (const name of ['balancedAccuracyPct', 'macroF1Pct', 'topFiveErrorPct', 'auc'] as const) {
      const expected = oracles[index][name];
      if (expected === null) expect(got[name]).toBeNull();
      else expect(got[name]).toBeCloseTo(expected, 9);
    }
  });

  it('count equal probabilities half in the area under the curve', () => {
    expect(classScores(Float64Array.of(0.5, 0.5, 0.5, 0.5), Int32Array.of(0, 1)).auc).toBe(0.5);
  });

  it('have no area under the curve where a class has no sample, and leave that class out of the means', () => {
    const outputs = Float64Array.of(0.8, 0.1, 0.1, 0.1, 0.8, 0.1);
    expect(classScores(outputs, Int32Array.of(0, 1))).toEqual({
      balancedAccuracyPct: 100,
      macroF1Pct: 100,
      topFiveErrorPct: null,
      auc: null,
    });
  });

  it('take the first five of equal probabilities as the five most probable classes', () => {
    const even = new Float64Array(12).fill(1 / 6);
    expect(classScores(even, Int32Array.of(4, 5)).topFiveErrorPct).toBe(50);
  });
});
