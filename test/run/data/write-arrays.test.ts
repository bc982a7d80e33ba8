import path from 'node:path';
import { UsageError } from '../../../src/errors';
import { writeArrays } from '../../../src/run/data/write-arrays';
import { Session } from '../../../src/run/session/session';
import { readResult } from '../../../src/store/run-directory';
import { failureOf, temporaryDirectory, tinyConfig } from '../../builders';

const directory = temporaryDirectory();
const rows = Float64Array.from({ length: 240 }, (_, k) => Math.sin(k) + (k % 3));
const targets = Int32Array.from({ length: 80 }, (_, k) => Number(rows[3 * k] > 0));

describe('arrays of a script', () => {
  it('are data that a run learns, under the names that the script gives', async () => {
    const train = { inputs: rows, shape: [3], targets };
    const names = { classes: ['low', 'high'], columns: ['a', 'b', 'c'], normalise: 'data' } as const;
    const dataset = await writeArrays(path.join(directory, 'rows'), { train, test: train }, names);
    const model = { name: 'mlp', args: { hidden: [4] } };
    const config = tinyConfig({ dataset, model, method: 'single', budget: { steps: 60 } }, {});
    await using session = await Session.start();
    const run = path.join(directory, 'run');
    await session.run(config, { out: run });
    const { dataset: name, members } = await readResult(run);
    expect([name, members.length]).toEqual(['arrays', 1]);
    const executor = await session.open(config);
    expect(executor.task).toMatchObject({ classes: ['low', 'high'], samples: { train: 68, validation: 12, test: 80 } });
    expect(await executor.rawSamples()).toMatchObject({ columns: ['a', 'b', 'c'], shape: [3] });
  });

  it('must have as many numbers as their shape and targets need', async () => {
    const train = { inputs: rows, shape: [4], targets };
    const error = await failureOf(writeArrays(path.join(directory, 'none'), { train }));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe('train: 80 targets and samples of [4] need 320 numbers, got 240');
  });
});
