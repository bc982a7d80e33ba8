import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, JournalError } from '../errors';
import { type MethodContext, OF_MODEL } from '../methods/method';
import { sha256 } from '../store/journal/arrays';
import type { Header } from '../store/journal/record';
import { TIER0_FILES } from '../store/run-directory';
import type { RunOptions } from './options';

/** Reads the file of a trained network, to be tier 0 of a run. @throws DataError when the file cannot be read */
export async function readTier0(path: string | undefined): Promise<Pick<RunOptions, 'tier0' | 'tier0Source'>> {
  if (path === undefined) return { tier0: null };
  if (path === OF_MODEL) return { tier0: OF_MODEL };
  try {
    return { tier0: await readFile(path), tier0Source: path };
  } catch (cause) {
    throw new DataError(`cannot read the tier-0 network ${path} (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    });
  }
}

/** Reads the tier-0 network from a run directory. @throws JournalError when the file is missing or has changed */
export async function keptTier0(out: string, tier0: Header['tier0']): Promise<MethodContext['tier0']> {
  if (tier0 === null || tier0 === OF_MODEL) return tier0;
  const paths = TIER0_FILES.map((name) => join(out, name));
  const path = paths.find((one) => existsSync(one)) ?? paths[paths.length - 1];
  const file = await readFile(path).catch((cause) => {
    throw new JournalError(`cannot read ${path}, the network that the run was given as tier 0`, { cause });
  });
  if (sha256(file) !== tier0.sha256)
    throw new JournalError(`${path} is not the network that the run was given as tier 0`);
  return { file: new Uint8Array(file), source: tier0.source };
}
