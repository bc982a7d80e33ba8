/**
 * Times the ensembling of 25 members, 10,000 samples, 100 classes in TypeScript: the mean of outputs, its metrics and
 * all 300 correlations.
 */
import { combine } from '../../src/ensemble/combine';
import { disagreementsPct, outputCorrelations } from '../../src/ensemble/diversity';
import { metrics } from '../../src/ensemble/metrics';
import { fitTemperature } from '../../src/ensemble/temperature';
import { namedStream } from '../../src/trust-tech/streams';
import { atMost, type Bench, rowOf } from './bench';
import { secondsOf } from './measure/interleave';
import { pairedRatio } from './measure/pairs';

const LIMIT_S = 1;
const [MEMBERS, SAMPLES, CLASSES] = [25, 10_000, 100];

export const ensemble: Bench = {
  name: 'ensemble',
  compares: 'time of combining, metrics and 300 correlations over one second',
  run: async ({ pairs }) => {
    const targets = Float32Array.from({ length: SAMPLES }, (_, sample) => sample % CLASSES);
    const members = Array.from({ length: MEMBERS }, (_, k) => outputsOf(k, targets));
    let mean: Float64Array = new Float64Array();
    const rounds: number[][] = [];
    for (let round = -1; round < pairs; round += 1) {
      const parts = [
        () => {
          mean = combine(members, CLASSES, 'meanSoftmax');
        },
        () => metrics(mean, targets),
        () => outputCorrelations(members),
        () => combine(members, CLASSES, 'majorityVote'),
        () => disagreementsPct(members, CLASSES),
        () => fitTemperature(mean, targets),
      ];
      const seconds: number[] = [];
      for (const part of parts) seconds.push(await secondsOf(async () => part()));
      if (round >= 0) rounds.push(seconds);
    }
    const ms = (part: number) => 1000 * pairedRatio(rounds.map((seconds) => seconds[part])).median;
    const together = rounds.map(([combined, scored, correlated]) => (combined + scored + correlated) / LIMIT_S);
    return [
      rowOf('ensemble: seconds, 25 x 10,000 x 100', pairedRatio(together), atMost(LIMIT_S), {
        'combine ms': ms(0),
        'metrics ms': ms(1),
        '300 correlations ms': ms(2),
        'not counted: vote ms': ms(3),
        'disagreements ms': ms(4),
        'temperature ms': ms(5),
      }),
    ];
  },
};

/**
 * Returns softmax outputs of a synthetic network that is right three times in four; all members share some mistakes.
 */
function outputsOf(member: number, targets: Float32Array): Float32Array {
  const [own, shared] = [namedStream(0, `ensemble/${member}`), namedStream(0, 'ensemble')];
  const outputs = new Float32Array(SAMPLES * CLASSES);
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const [everyone, alone] = [shared(8) === 0 ? shared(CLASSES) : targets[sample], own(8) === 0 ? own(CLASSES) : null];
    const row = outputs.subarray(sample * CLASSES, (sample + 1) * CLASSES);
    for (let c = 0; c < CLASSES; c += 1) row[c] = Math.exp(own(3000) / 1000 + (c === (alone ?? everyone) ? 5 : 0));
    const total = row.reduce((sum, value) => sum + value, 0);
    for (let c = 0; c < CLASSES; c += 1) row[c] /= total;
  }
  return outputs;
}
