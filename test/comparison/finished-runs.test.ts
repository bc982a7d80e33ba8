import fs from 'node:fs';
import path from 'node:path';
import { readRuns } from '../../src/comparison/finished-runs';
import { DataError, UsageError } from '../../src/errors';
import { temporaryDirectory } from '../builders';
import { aRun, type MadeUp } from './made-up-runs';

const directory = temporaryDirectory();
const at = (...names: string[]) => path.join(directory, ...names);
const made = (method: string, seed: number): MadeUp => ({
  method,
  seed,
  leans: [1],
  ensembles: { [method]: 1 },
  outputs: 'none',
});

beforeAll(async () => {
  for (const seed of [0, 1]) for (const method of ['single', 'fge']) await aRun(at('compare'), made(method, seed));
  await aRun(at('alone'), made('snapshot', 1));
  fs.writeFileSync(at('compare', 'comparison.csv'), 'not a run');
  fs.mkdirSync(at('empty'));
});

async function found(...args: Parameters<typeof readRuns>): Promise<string[]> {
  return (await readRuns(...args)).map((run) => `${run.method} ${run.seed} ${path.relative(directory, run.directory)}`);
}

describe('reading finished runs', () => {
  it('takes a run by its directory, and all runs that lie in a directory', async () => {
    expect(await found([at('alone', 'snapshot-1'), at('compare')])).toEqual([
      'snapshot 1 alone/snapshot-1',
      'fge 0 compare/fge-0',
      'fge 1 compare/fge-1',
      'single 0 compare/single-0',
      'single 1 compare/single-1',
    ]);
  });

  it('keeps the methods and seeds asked for, in the order of the methods', async () => {
    expect(await found([at('compare')], { methods: ['single', 'fge'], seeds: [1] })).toEqual([
      'single 1 compare/single-1',
      'fge 1 compare/fge-1',
    ]);
  });

  it('refuses two runs of one method and seed, and a choice that leaves none', async () => {
    await expect(readRuns([at('compare'), at('compare', 'fge-0')])).rejects.toThrow(UsageError);
    await expect(readRuns([at('compare')], { seeds: [7] })).rejects.toThrow(UsageError);
  });

  it('says which directory holds no run', async () => {
    for (const name of ['empty', 'nowhere']) {
      await expect(readRuns([at(name)])).rejects.toThrow(DataError);
      await expect(readRuns([at(name)])).rejects.toThrow(at(name));
    }
  });
});
