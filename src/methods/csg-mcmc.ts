import type { Config } from '../config/schema';
import { cosineCycle } from '../schedules/cosine-cycle';
import { langevinNoise } from '../schedules/langevin-noise';
import { equalParts } from '../trust-tech/budget';
import { type Stretch, takeSnapshots } from './blocks/take-snapshots';
import { ensembleOf, type Method } from './method';

/**
 * Cyclical stochastic gradient MCMC (Zhang et al. 2020): one training by SGD whose rate falls as a cosine in each cycle.
 * The first part of a cycle explores without noise; then Langevin noise makes the steps samples of the posterior, of which
 * as many are taken, at equal distances up to the cycle's end. With momentum this is their cSGHMC, without it cSGLD. The
 * local solver's momentum and weight decay count; Adam and Nesterov, for which the noise would be another, do not.
 */
export const csgMcmc: Method = async (context) => {
  const { config, executor, steps } = context;
  const { cycles } = config.csgMcmc;
  const stretches = equalParts(steps, cycles).flatMap((cycle) =>
    stretchesOf(cycle, config, executor.task.samples.train),
  );
  const solver = { ...config.localSolver, solver: 'sgd', nesterov: false } as const;
  const { candidates, traces } = await takeSnapshots(context, stretches, solver);
  const spent = { steps, tier0: 0, search: 0 };
  return { candidates, ensembles: [ensembleOf('csg-mcmc', candidates)], result: 'csg-mcmc', spent, traces };
};

/** One cycle: its exploration, and a stretch of sampling for each member. */
function stretchesOf(steps: number, { csgMcmc: options, localSolver }: Config, trainingSamples: number): Stretch[] {
  const lr = cosineCycle(options.lr, steps);
  const explored = Math.floor(steps * options.explore);
  const { momentum } = localSolver;
  const langevin = { momentum, temperature: options.temperature ?? 1 / trainingSamples, samples: trainingSamples };
  let done = explored;
  const sampling = equalParts(steps - explored, options.samples).map((length): Stretch => {
    const rates = lr.subarray(done, done + length);
    done += length;
    return { lr: rates, noise: langevinNoise(rates, langevin), take: true };
  });
  return [{ lr: lr.subarray(0, explored), take: false }, ...sampling];
}
