import fc from 'fast-check';
import { namedStream } from '../../src/trust-tech/streams';

export interface Sample {
  readonly outputs: Float64Array;
  readonly targets: Int32Array;
  readonly classes: number;
}

/** Made-up softmax outputs [samples, classes] and true classes; the sharper, the surer the network. */
export function madeUp(name: string, samples: number, classes: number, sharpness: number): Sample {
  const draw = namedStream(1, name);
  const targets = Int32Array.from({ length: samples }, () => draw(classes));
  const logits = Array.from({ length: samples * classes }, (_, i) => {
    const isTarget = i % classes === targets[Math.floor(i / classes)];
    return sharpness * (draw(1e6) / 1e6 + (isTarget ? 0.3 : 0));
  });
  return { outputs: softmax(logits, classes), targets, classes };
}

/** Some members' outputs of the same samples, and the true classes. */
export const ensembles = fc
  .record({
    members: fc.integer({ min: 1, max: 5 }),
    classes: fc.integer({ min: 2, max: 6 }),
    samples: fc.integer({ min: 1, max: 12 }),
  })
  .chain(({ members, classes, samples }) => {
    const logits = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), {
      minLength: samples * classes,
      maxLength: samples * classes,
    });
    const target = fc.nat(classes - 1);
    return fc.record({
      classes: fc.constant(classes),
      members: fc.array(
        logits.map((values) => softmax(values, classes)),
        { minLength: members, maxLength: members },
      ),
      targets: fc.array(target, { minLength: samples, maxLength: samples }).map((values) => Int32Array.from(values)),
    });
  });

function softmax(logits: readonly number[], classes: number): Float64Array {
  return Float64Array.from(logits, (logit, i) => {
    const row = Math.floor(i / classes) * classes;
    const total = logits.slice(row, row + classes).reduce((sum, other) => sum + Math.exp(other - logit), 0);
    return 1 / total;
  });
}
