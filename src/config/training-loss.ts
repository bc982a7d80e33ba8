import { z } from 'zod';
import { ConfigError } from '../errors';
import type { Config } from './schema';

/** Options of the loss that training and search descend. Evaluations report the plain loss whatever they are. */
export const trainingLoss = z.strictObject({
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('part of a label that is spread over all classes, as in torch.nn.CrossEntropyLoss'),
  classWeights: z
    .union([z.array(z.number().min(0)).min(2), z.literal('balanced')])
    .nullable()
    .default(null)
    .describe('weight of the samples of each class; balanced: n / (classes * count), as in scikit-learn'),
  python: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('what makes another loss: package.module:function, or file.py with a function defineLoss'),
  args: z.record(z.string(), z.unknown()).default({}).describe('what the maker of the loss takes'),
});

/**
 * Checks that the options of the training loss fit each other and the configured loss.
 * @throws ConfigError for options of classes where numbers are predicted, and beside a loss of the user's
 */
export function checkTrainingLoss(config: Config): Config {
  const { loss, trainingLoss: options } = config;
  const stated = [
    ...(options.labelSmoothing === 0 ? [] : ['labelSmoothing']),
    ...(options.classWeights === null ? [] : ['classWeights']),
  ];
  if (options.python !== null && stated.length > 0) {
    throw new ConfigError(
      `trainingLoss.python is the whole loss: leave out trainingLoss.${stated.join(' and ')}, or compute it there`,
    );
  }
  if (loss === 'crossEntropy' || stated.length === 0) return config;
  throw new ConfigError(
    `trainingLoss.${stated[0]} is for classes, got loss ${loss}: leave it out, or use crossEntropy`,
  );
}
