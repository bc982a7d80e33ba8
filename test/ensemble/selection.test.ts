import fc from 'fast-check';
import { combine } from '../../src/ensemble/combine';
import { meanLoss } from '../../src/ensemble/metrics';
import { type Selected, select, type Validation } from '../../src/ensemble/selection';
import { ensembles } from './outputs';

const options = { size: 3, tolerance: 0.2 };
const chosenBy = (rule: 'all' | 'best' | 'greedy' | 'diverse', validation: Validation, more = {}) =>
  select(validation, { ...options, rule, ...more });

/** Candidates of two classes, given by their probability of the truth, class 0, at each sample. */
function candidates(...truths: readonly (readonly number[])[]): Validation {
  const outputs = truths.map((row) => Float64Array.from(row.flatMap((p) => [p, 1 - p])));
  return { outputs, targets: new Float32Array(truths[0].length), loss: 'crossEntropy' };
}

/** Candidates that predict numbers, all of which should be 0. */
function predictors(...numbers: readonly (readonly number[])[]): Validation {
  const outputs = numbers.map((row) => Float64Array.from(row));
  return { outputs, targets: new Float32Array(numbers[0].length), loss: 'meanSquared' };
}

/** The loss of the chosen ensemble on the data that chose it. */
function lossOf({ outputs, targets, loss }: Validation, { members, weights }: Selected): number {
  const chosen = members.map((k) => outputs[k]);
  const mean = combine(chosen, outputs[0].length / targets.length, 'meanSoftmax', weights ?? undefined);
  return meanLoss(mean, targets, loss);
}

describe('selection', () => {
  const some = candidates([0.5, 0.5, 0.5], [0.9, 0.9, 0.2], [0.9, 0.8, 0.9], [0.2, 0.9, 0.9], [0.7, 0.7, 0.7]);

  it('of all takes all, as the paper does', () => {
    expect(chosenBy('all', some)).toEqual({ members: [0, 1, 2, 3, 4], weights: null });
  });

  it('of the best takes those with the lowest validation losses, in the order in which they came', () => {
    expect(chosenBy('best', some, { size: 2 })).toEqual({ members: [2, 4], weights: null });
    expect(chosenBy('best', some, { size: 99 }).members).toEqual([0, 1, 2, 3, 4]);
  });

  it('of the best takes the first of equals', () => {
    expect(chosenBy('best', candidates([0.6], [0.7], [0.7]), { size: 1 }).members).toEqual([1]);
  });

  it('by greed joins what helps most the ensemble so far, not what is next best alone', () => {
    const errs = predictors([1, 1], [1.1, 1.1], [-1.3, -1.3]);
    expect(chosenBy('greedy', errs, { size: 2 })).toEqual({ members: [0, 2], weights: [0.5, 0.5] });
    expect(chosenBy('best', errs, { size: 2 }).members).toEqual([0, 1]);
  });

  it('by greed weighs a member by how often it was picked', () => {
    const errs = predictors([1], [-2]);
    const { members, weights } = chosenBy('greedy', errs, { size: 3 });
    expect(members).toEqual([0, 1]);
    expect(weights).toEqual([expect.closeTo(2 / 3, 12), expect.closeTo(1 / 3, 12)]); // 2/3 of 1 and 1/3 of -2 are 0
  });

  it('by greed goes back to the best ensemble on its way', () => {
    const errs = predictors([1, 0], [-1, 0]); // two cancel; a third pick only spoils it
    const chosen = chosenBy('greedy', errs, { size: 3 });
    expect(chosen).toEqual({ members: [0, 1], weights: [0.5, 0.5] });
    expect(lossOf(errs, chosen)).toBe(0);
  });

  it('by greed is never worse on validation data than the best candidate alone, or than with fewer picks', () => {
    fc.assert(
      fc.property(ensembles, fc.integer({ min: 1, max: 6 }), ({ members: outputs, targets }, size) => {
        const validation: Validation = { outputs, targets, loss: 'crossEntropy' };
        const loss = lossOf(validation, chosenBy('greedy', validation, { size }));
        const best = Math.min(...outputs.map((one) => meanLoss(one, targets, 'crossEntropy')));
        expect(loss).toBeLessThanOrEqual(best + 1e-9);
        expect(lossOf(validation, chosenBy('greedy', validation, { size: size + 1 }))).toBeLessThanOrEqual(loss + 1e-9);
      }),
    );
  });

  it('by diversity takes, of the good ones, the best and what is least like it', () => {
    const twin = [0.9, 0.8, 0.9, 0.7];
    const other = [0.75, 0.9, 0.7, 0.9];
    const bad = [0.1, 0.9, 0.1, 0.9];
    const validation = candidates(twin, [0.9, 0.8, 0.89, 0.7], other, bad);
    expect(chosenBy('diverse', validation, { size: 2 }).members).toEqual([0, 2]);
    expect(chosenBy('best', validation, { size: 2 }).members).toEqual([0, 1]);
    expect(chosenBy('diverse', validation, { size: 9 }).members).toEqual([0, 1, 2]);
    expect(chosenBy('diverse', validation, { size: 9, tolerance: 100 }).members).toEqual([0, 1, 2, 3]);
  });

  it('by diversity looks at the mean over all that are chosen already', () => {
    // Along three directions at right angles, so that correlations can be read off
    const along = (a: number, b: number, c: number) => [a + c, -a + c, b - c, -b - c];
    const best = along(0.99, 0, 0);
    const opposed = along(-0.6, 0.8, 0);
    const unlikeTheLast = along(0.9, -0.436, 0); // correlations 0.9 and -0.89
    const unlikeBoth = along(-0.5, -0.3, 0.57); // about -0.5 and 0.06
    const validation = predictors(best, unlikeTheLast, unlikeBoth, opposed);
    expect(chosenBy('diverse', validation, { size: 2, tolerance: 1 }).members).toEqual([0, 3]);
    expect(chosenBy('diverse', validation, { size: 3, tolerance: 1 }).members).toEqual([0, 2, 3]);
  });

  it('by diversity takes nothing worse than the tolerance, and always the best', () => {
    fc.assert(
      fc.property(ensembles, fc.double({ min: 0, max: 2, noNaN: true }), ({ members: outputs, targets }, tolerance) => {
        const losses = outputs.map((one) => meanLoss(one, targets, 'crossEntropy'));
        const best = Math.min(...losses);
        const { members } = chosenBy('diverse', { outputs, targets, loss: 'crossEntropy' }, { tolerance });
        expect(members.some((k) => losses[k] === best)).toBe(true);
        for (const k of members) expect(losses[k]).toBeLessThanOrEqual((1 + tolerance) * best);
      }),
    );
  });

  it('takes at most the members asked for, each once, in order, with weights of sum 1 where there are some', () => {
    const rules = fc.constantFrom('best', 'greedy', 'diverse');
    fc.assert(
      fc.property(ensembles, rules, fc.integer({ min: 1, max: 7 }), ({ members: outputs, targets }, rule, size) => {
        const { members, weights } = chosenBy(rule, { outputs, targets, loss: 'crossEntropy' }, { size });
        expect(members.length).toBeGreaterThan(0);
        expect(members.length).toBeLessThanOrEqual(size);
        expect(members).toEqual([...new Set(members)].sort((a, b) => a - b));
        if (rule !== 'greedy') expect(weights).toBeNull();
        else expect(weights?.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('of the best does not depend on the order in which the candidates come', () => {
    fc.assert(
      fc.property(ensembles, ({ members: outputs, targets }) => {
        const losses = outputs.map((one) => meanLoss(one, targets, 'crossEntropy'));
        fc.pre(new Set(losses).size === losses.length); // equal ones go by order
        const there = chosenBy('best', { outputs, targets, loss: 'crossEntropy' });
        const back = chosenBy('best', { outputs: outputs.toReversed(), targets, loss: 'crossEntropy' });
        expect(back.members.map((k) => outputs.length - 1 - k).toReversed()).toEqual(there.members);
      }),
    );
  });
});
