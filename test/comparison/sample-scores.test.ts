import { sampleScores } from '../../src/comparison/sample-scores';
import { combine, RULES } from '../../src/ensemble/combine';
import { decisionsOf } from '../../src/ensemble/decisions';
import { metrics, regressionMetrics } from '../../src/ensemble/metrics';
import { anEnsemble } from '../store/a-result';
import { answers, targets } from './made-up-runs';

const members = ['a', 'b', 'c'];
const outputs = new Map(members.map((name) => [name, answers(name, 1)]));
const kept = { outputs, targets, columns: 3, perSample: 1 };
const mean = (values: Float64Array | null) => values && values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the scores of test samples', () => {
  it.each(RULES.filter((rule) => rule !== 'mean'))(
    'have the error and the loss of the ensemble as means: %s',
    (rule) => {
      const weights = rule === 'validationWeighted' ? [1, 2, 5] : null;
      const scores = sampleScores(anEnsemble({ members, rule, weights }), kept);
      const expected = metrics(combine([...outputs.values()], 3, rule, weights ?? undefined), targets);
      expect(mean(scores.testErrorPct)).toBeCloseTo(expected.errorPct, 9);
      if (rule === 'majorityVote') expect(scores.testLoss).toBeNull();
      else expect(mean(scores.testLoss)).toBeCloseTo(expected.loss, 9);
    },
  );

  it('are squared errors where numbers are predicted', () => {
    const numbers = new Map(members.map((name, k) => [name, targets.map((target) => target + k - 0.5)]));
    const kept = { outputs: numbers, targets, columns: 1, perSample: 1 };
    const scores = sampleScores(anEnsemble({ members, rule: 'mean', testRmse: 1 }), kept);
    const { loss } = regressionMetrics(combine([...numbers.values()], 1, 'mean'), targets);
    expect(scores.testErrorPct).toBeNull();
    expect(mean(scores.testLoss)).toBeCloseTo(loss, 9);
  });

  it('of labels are means over the labels of each sample', () => {
    const probabilities = Float32Array.of(0.9, 0.2, 0.7, 0.4, 0.6, 0.1);
    const labels = {
      outputs: new Map([['a', decisionsOf(probabilities)]]),
      targets: Float32Array.of(1, 0, 0, 0, 0, 0),
    };
    const { testErrorPct, testLoss } = sampleScores(anEnsemble({ members: ['a'], rule: 'meanSigmoid' }), {
      ...labels,
      columns: 2,
      perSample: 3,
    });
    expect([...(testErrorPct ?? [])].map(Math.round)).toEqual([33, 33]);
    expect(mean(testLoss)).toBeCloseTo(metrics(decisionsOf(probabilities), labels.targets).loss, 6);
  });

  it('need the outputs of every member', () => {
    expect(() => sampleScores(anEnsemble({ members: ['a', 'd'] }), kept)).toThrow('outputs of d');
  });
});
