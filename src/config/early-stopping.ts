import { ConfigError } from '../errors';
import { findMethod } from '../methods';
import type { Config } from './schema';

/**
 * Checks that the trainings of a configuration can end early if they are to.
 * @throws ConfigError for a method that takes networks at fixed steps, and without points to decide by
 */
export function checkEarlyStopping(config: Config): Config {
  const { localSolver, method, dspTt, validation } = config;
  if (localSolver.earlyStopping.patience === null) return config;
  if (!findMethod(method).stopsEarly) {
    throw new ConfigError(
      `localSolver.earlyStopping: method '${method}' takes its networks at fixed steps of a training, which cannot end early: leave patience out`,
    );
  }
  if (dspTt.averageMembers) {
    throw new ConfigError(
      'localSolver.earlyStopping: dspTt.averageMembers averages the last steps of a training, which cannot end early: state one of the two',
    );
  }
  if (localSolver.ema !== null) {
    throw new ConfigError(
      'localSolver.earlyStopping keeps the weights of a validation point, and localSolver.ema their running average: state one of the two',
    );
  }
  if (validation.every !== 'never') return config;
  throw new ConfigError(
    'localSolver.earlyStopping decides by validation points, but validation.every is never: state a number of steps',
  );
}
