import type { Config } from '../config/schema';
import { ConfigError } from '../errors';
import { hasValidation, type Task } from '../executor/executor';

/**
 * What is chosen by validation data needs some.
 * @throws ConfigError where the data set has none and the configuration wants to choose by it
 */
export function mustHaveValidation({ selectOn, selection }: Config, task: Task): void {
  if (hasValidation(task)) return;
  const none = 'the data set has no validation samples (dataset.args.validation is 0)';
  if (selectOn === 'validation') {
    throw new ConfigError(`selectOn is validation, but ${none}: set some aside, or set selectOn to training`);
  }
  if (selection.rule !== 'all') {
    throw new ConfigError(`selection.rule is ${selection.rule}, which chooses by validation data, but ${none}`);
  }
}
