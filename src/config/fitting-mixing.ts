import { ConfigError } from '../errors';
import type { Config } from './schema';

/** Our data sets whose samples are rows of numbers. The worker knows the samples of any other. */
const TABLES = ['csv', 'wine', 'winequality'];

/** Checks that images are mixed by cutmix. @throws ConfigError for rows of a table */
export function checkMixing(config: Config): Config {
  const { cutmix, dataset } = config;
  if (cutmix === 0 || dataset.name === null || !TABLES.includes(dataset.name)) return config;
  throw new ConfigError(
    `cutmix is for images, but the samples of dataset ${dataset.name} are rows of numbers: use mixup, or leave it out`,
  );
}
