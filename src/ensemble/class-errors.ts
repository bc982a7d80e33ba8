import { argmax, type Outputs, type Targets } from './combine';

/** Errors on the samples of one class. */
export interface ClassErrors {
  /** Index of the class. */
  readonly of: number;
  readonly samples: number;
  readonly errors: number;
  /** The class that was predicted most often by error (the first of equals), and how often; null without an error. */
  readonly confusedWith: { readonly of: number; readonly times: number } | null;
}

/** Returns the numbers of samples by true class and answer, [class][answer], of probabilities [samples, classes]. */
export function confusion(probabilities: Outputs, targets: Targets): number[][] {
  const classes = probabilities.length / targets.length;
  const answers = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [sample, target] of targets.entries())
    answers[target][argmax(probabilities, sample * classes, classes)] += 1;
  return answers;
}

/** Returns the errors by true class, of probabilities [samples, classes]; classes without a sample are left out. */
export function classErrors(probabilities: Outputs, targets: Targets): ClassErrors[] {
  return confusion(probabilities, targets).flatMap((own, of) => {
    const samples = own.reduce((sum, count) => sum + count, 0);
    if (samples === 0) return [];
    const wrong = own.map((count, answer) => (answer === of ? 0 : count));
    const times = Math.max(...wrong);
    const confusedWith = times === 0 ? null : { of: wrong.indexOf(times), times };
    return [{ of, samples, errors: samples - own[of], confusedWith }];
  });
}
