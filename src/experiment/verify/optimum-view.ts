import type { ExitVerification, Projected } from '../../report/figures/exit-verification';
import type { OptimaResult } from '../../store/optima';
import type { OptimumCheck } from '../../verification/closed-form';

/** The flows around an exit of a closed-form objective, shown in its first two coordinates. */
export function optimumView({ samples, exit, parent }: OptimumCheck, { optima }: OptimaResult): ExitVerification {
  const shown = (x: ArrayLike<number>): Projected => [x[0], x[1] ?? 0];
  return {
    points: samples.map(({ offset, end }) => {
      const trajectory = end.trajectory.map(shown);
      return { side: offset < 0 ? 'before' : 'after', offset, trajectory, end: shown(end.x) };
    }),
    path: [shown(optima[parent].x), ...samples.map(({ x }) => shown(x))],
    exit: shown(exit.x),
    labels: ['x1', 'x2'],
  };
}

/** A check's numbers without its trajectories, to be printed as JSON. */
export function optimumNumbers({ optimum, parent, exit, samples, separates }: OptimumCheck): object {
  const points = samples.map(({ offset, rho1, value, x, reached }) => ({
    offset,
    rho1,
    value,
    x: Array.from(x),
    reached,
  }));
  return { optimum, parent, exit, separates, samples: points };
}
