import { classErrors, confusion } from '../../src/ensemble/class-errors';

const answers = (...classes: readonly number[]) => {
  const probabilities = new Float32Array(4 * classes.length);
  for (const [sample, answer] of classes.entries()) probabilities[4 * sample + answer] = 1;
  return probabilities;
};

describe('errors by class', () => {
  it('count wrong answers, and name the class that they named most often', () => {
    const errors = classErrors(answers(0, 1, 3, 3, 2), Float32Array.of(0, 0, 0, 0, 2));
    expect(errors).toEqual([
      { of: 0, samples: 4, errors: 3, confusedWith: { of: 3, times: 2 } },
      { of: 2, samples: 1, errors: 0, confusedWith: null },
    ]);
  });

  it('are read off the table of classes and answers', () => {
    expect(confusion(answers(0, 1, 3, 3, 2), Float32Array.of(0, 0, 0, 0, 2))).toEqual([
      [1, 1, 0, 2],
      [0, 0, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('leave out classes of which there is no sample', () => {
    expect(classErrors(answers(1), Float32Array.of(1)).map(({ of }) => of)).toEqual([1]);
  });
});
