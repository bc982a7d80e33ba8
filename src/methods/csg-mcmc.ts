import { z } from 'zod';
import { cosineCycle } from '../schedules';
import { equalParts } from '../trust-tech/budget';
import { type ScheduleStretch, takeSnapshots } from './blocks/take-snapshots';
import { type ConfigWith, ensembleOf, type Method, type MethodFile } from './method';

const options = {
  csgMcmc: z
    .strictObject({
      cycles: z.int().min(1).max(1000).default(4).describe('cycles of the rate'),
      samples: z.int().min(1).max(100).default(3).describe('members a cycle'),
      explore: z.number().gt(0).lt(1).default(0.8).describe('part of a cycle without noise').meta({ deprecated: true }),
      lr: z.number().gt(0).default(0.5).describe('rate at the start of each cycle'),
      temperature: z
        .number()
        .min(0)
        .nullable()
        .default(null)
        .describe("of the sampled posterior; null: 1/N for N training samples, as in the authors' code; 0: no noise"),
    })
    .prefault({})
    .describe('cyclical stochastic gradient MCMC (Zhang et al. 2020)'),
};

type Config = ConfigWith<typeof options>;

/**
 * Cyclical stochastic gradient MCMC (Zhang et al. 2020): one training by SGD whose rate falls as a cosine in each cycle.
 * The first part of a cycle explores without noise; then Langevin noise makes the steps samples of the posterior, of which
 * as many are taken, at equal distances up to the cycle's end. With momentum this is their cSGHMC, without it cSGLD. The
 * local solver's momentum and weight decay count; Adam and Nesterov, for which the noise would be another, do not.
 */
const run: Method<Config> = async (context) => {
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

export const method = {
  run,
  title: 'cSG-MCMC',
  options,
  reads: ['csgMcmc'],
  smoke: { csgMcmc: { cycles: 2, samples: 2 } },
  takesTier0: false,
  networks: ({ csgMcmc: { cycles, samples } }) => cycles * samples + 1,
} as const satisfies MethodFile<typeof options>;

/** One cycle: its exploration, and a stretch of sampling for each member. */
function stretchesOf(steps: number, { csgMcmc, localSolver }: Config, trainingSamples: number): ScheduleStretch[] {
  const lr = cosineCycle(csgMcmc.lr, steps);
  const explored = Math.floor(steps * csgMcmc.explore);
  const { momentum } = localSolver;
  const langevin = { momentum, temperature: csgMcmc.temperature ?? 1 / trainingSamples, samples: trainingSamples };
  let done = explored;
  const sampling = equalParts(steps - explored, csgMcmc.samples).map((length): ScheduleStretch => {
    const rates = lr.subarray(done, done + length);
    done += length;
    return { lr: rates, noise: langevinNoise(rates, langevin), take: true };
  });
  return [{ lr: lr.subarray(0, explored), take: false }, ...sampling];
}

/** Parameters of posterior sampling: SGD's momentum, the temperature, and the number of training samples. */
export interface Langevin {
  readonly momentum: number;
  readonly temperature: number;
  readonly samples: number;
}

/**
 * Standard deviation of the noise to be added to a step's gradient of the *mean* loss, for each step's rate, so that SGD
 * samples exp(-samples * mean loss / temperature) (Zhang et al. 2020; Chen et al. 2014 with momentum): with friction
 * alpha = 1 - momentum it is sqrt(2 alpha T / (N lr)), which moves the weights by sqrt(2 alpha T lr / N) a step.
 */
export function langevinNoise(lr: Float64Array, { momentum, temperature, samples }: Langevin): Float64Array {
  return lr.map((rate) => Math.sqrt((2 * (1 - momentum) * temperature) / (samples * rate)));
}
