import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/schema';
import type { Origin } from '../executor/origin';
import type { Places } from '../executor/places';
import { placesOf } from '../store/made-in';
import { readConfig, readMadeIn } from '../store/run-directory';
import type { SessionOptions } from './options';

/**
 * Returns where the files lie that a run's configuration names, also from another folder, and after they have moved with
 * the run. On another machine, whose folders cannot be looked at, they lie where they did.
 * @param origin what they were when the run read them
 * @throws DataError when the directory holds no run
 */
export async function placesIn(directory: string, origin: Origin, isRemote = false): Promise<Places> {
  const madeIn = await readMadeIn(directory);
  if (isRemote) return { of: (stated) => [resolve(madeIn?.folder ?? '', stated)], origin };
  return { of: (stated) => placesOf(stated, resolve(directory), madeIn), origin };
}

/**
 * Reads a run's configuration, with the folder of its data where it lies now, or as it is given. On another machine it is
 * the one that the configuration states.
 * @throws DataError when the directory holds no run
 */
export async function storedConfig(
  directory: string,
  { dataDir, worker }: Pick<SessionOptions, 'worker'> & { readonly dataDir?: string | undefined },
): Promise<Config> {
  const config = await readConfig(directory);
  const { dir } = config.dataset;
  if (dataDir !== undefined) return withData(config, dataDir);
  if (dir === null || worker !== undefined) return config;
  const { of } = await placesIn(directory, {});
  return withData(config, of(dir).find((place) => existsSync(place)) ?? dir);
}

function withData(config: Config, dir: string): Config {
  return { ...config, dataset: { ...config.dataset, dir } };
}
