import type { AnalyticConfigInput } from '../closed-form';

/**
 * Presets of closed-form objectives. Both ways along every axis finds all of their minima from every start that was tried;
 * rho2, for `--direction dynamic`, is about a tenth of what would hold the path back at its origin (the inverse of the
 * Hessian's largest eigenvalue there, over the steps that it takes to an exit).
 */
export const ANALYTIC_PRESETS = {
  'six-hump-camel': preset('six-hump-camel', { objective: { name: 'six-hump-camel' }, search: { rho2: 3e-4 } }),
  himmelblau: preset('himmelblau', { objective: { name: 'himmelblau' }, search: { rho2: 1e-4 } }),
  rastrigin: preset('rastrigin', { objective: { name: 'rastrigin', box: [-2, 2] }, search: { rho2: 5e-5 } }),
  ackley: preset('ackley', { objective: { name: 'ackley', box: [-2.5, 2.5] }, search: { rho2: 1e-3 } }),
  'styblinski-tang': preset('styblinski-tang', {
    objective: { name: 'styblinski-tang', dims: 3 },
    search: { rho2: 2e-4 },
  }),
  // Four dimensions have two minima. The valley is stiff, which Levenberg-Marquardt's metric cures: with mu 1 a run takes
  // 985 gradients instead of 300,000; with mu 0.01 the flow from beyond most exits leads back.
  rosenbrock: preset('rosenbrock', {
    objective: { name: 'rosenbrock', dims: 4 },
    flow: { metric: 'levenberg-marquardt', mu: 1 },
    search: { rho2: 1e-5 },
  }),
  'two-well': preset('two-well', { objective: { name: 'two-well' }, search: { rho2: 1e-3 } }),
} as const satisfies Record<string, AnalyticConfigInput>;

function preset(name: string, values: AnalyticConfigInput): AnalyticConfigInput {
  return { preset: name, ...values };
}
