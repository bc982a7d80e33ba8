import type { Evaluations } from './flow-space';
import type { LeastSquares, Objective, Point } from './objectives/objective';

/**
 * An objective that counts the evaluations of itself and its derivatives; evaluations of its residuals count as part of
 * the gradient's.
 */
export interface CountedObjective extends Pick<Objective, 'box' | 'value' | 'gradient' | 'hessian'> {
  readonly jacobian: LeastSquares['jacobian'] | null;
  evaluations(): Evaluations;
}

export function counted(objective: Objective): CountedObjective {
  let [values, gradients, hessians] = [0, 0, 0];
  return {
    box: objective.box,
    jacobian: objective.leastSquares?.jacobian ?? null,
    evaluations: () => ({ objective: values, gradient: gradients, hessian: hessians }),
    value: (x: Point) => {
      values += 1;
      return objective.value(x);
    },
    gradient: (x: Point) => {
      gradients += 1;
      return objective.gradient(x);
    },
    hessian: (x: Point) => {
      hessians += 1;
      return objective.hessian(x);
    },
  };
}

/** Returns the evaluations between two counts. */
export function evaluationsSince(before: Evaluations, now: Evaluations): Evaluations {
  return {
    objective: now.objective - before.objective,
    gradient: now.gradient - before.gradient,
    hessian: now.hessian - before.hessian,
  };
}
