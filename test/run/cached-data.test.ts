import fs from 'node:fs';
import path from 'node:path';
import { resolveConfig } from '../../src/config/resolve';
import type { Config } from '../../src/config/schema';
import { DataError } from '../../src/errors';
import { Session } from '../../src/run/session/session';
import { failureOf, temporaryDirectory } from '../builders';

const before = process.env.DSPTT_CACHE;

/** An idx file as MNIST's: unsigned bytes of that shape, all 0. */
function writeIdx(folder: string, name: string, shape: readonly number[]): void {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 + shape.length);
  for (const [axis, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * axis);
  const content = Buffer.alloc(shape.reduce((product, size) => product * size, 1));
  fs.writeFileSync(path.join(folder, name), Buffer.concat([header, content]));
}

function onMnist(): Config {
  return resolveConfig([
    {
      from: 'test',
      values: {
        dataset: { name: 'mnist', args: { train: 20 } },
        model: { name: 'mlp', args: { hidden: [2] } },
        batchSize: 10,
        threads: 1,
        budget: { steps: 2 },
        method: 'single',
      },
    },
  ]);
}

describe('a data set that can be downloaded, and for which no folder is named', () => {
  let session: Session;
  const directory = temporaryDirectory();
  beforeAll(async () => {
    session = await Session.start();
  });
  afterAll(() => session.close());
  afterEach(() => {
    if (before === undefined) delete process.env.DSPTT_CACHE;
    else process.env.DSPTT_CACHE = before;
  });

  it('is read from the cache where it lies there, and the configuration that is kept names no folder', async () => {
    process.env.DSPTT_CACHE = directory;
    const folder = path.join(directory, 'mnist');
    fs.mkdirSync(folder);
    for (const [part, samples] of [
      ['train', 60_000],
      ['t10k', 10_000],
    ] as const) {
      writeIdx(folder, `${part}-images-idx3-ubyte`, [samples, 28, 28]);
      writeIdx(folder, `${part}-labels-idx1-ubyte`, [samples]);
    }
    const out = path.join(directory, 'run');
    const told: string[] = [];
    const result = await session.run(onMnist(), { out, onEvent: ({ type }) => told.push(type) });
    expect(result.dataset).toBe('mnist');
    expect(told).not.toContain('download');
    expect(JSON.parse(fs.readFileSync(path.join(out, 'config.json'), 'utf8')).dataset.dir).toBeNull();
  });

  it('ends in a DataError that says how to give it, where it can neither be found nor kept', async () => {
    process.env.DSPTT_CACHE = path.join(process.execPath, 'cache'); // below a file
    const out = path.join(directory, 'no-run');
    const error = await failureOf(session.run(onMnist(), { out }));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/cannot download .*train-images-idx3-ubyte\.gz.*--data-dir/s);
    expect(fs.existsSync(out)).toBe(false);
  });
});
