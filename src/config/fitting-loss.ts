import { kindOf } from '../ensemble/task-kind';
import { ConfigError } from '../errors';
import type { Config } from './schema';

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
  if (kindOf(loss) === 'classes' || stated.length === 0) return config;
  throw new ConfigError(
    `trainingLoss.${stated[0]} is for classes, got loss ${loss}: leave it out, or use crossEntropy`,
  );
}
