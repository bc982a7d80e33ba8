import fs from 'node:fs';
import path from 'node:path';
import { resume } from '../../src/run/resume';
import { Session } from '../../src/run/session/session';
import { readResult } from '../../src/store/run-directory';
import { openRun } from '../../src/verification/open-run';
import { failureOf, tinyConfig } from '../builders';
import { DurableRuns, PLACES, remainsOf } from './durable/runs';

const LOSS = `
from torch.nn import functional
from times import TIMES

def make(power):
    return lambda outputs, targets: TIMES * functional.cross_entropy(outputs, targets) ** power
`;
const TIMES = 'TIMES = 2\n';

const runs = new DurableRuns();
const project = path.join(runs.directory, 'project');
const write = (name: string, text: string) => fs.writeFileSync(path.join(project, name), text);
const config = tinyConfig({ trainingLoss: { python: `${path.join(project, 'loss.py')}:make`, args: { power: 1 } } });
const whole = path.join(project, 'whole');

beforeAll(async () => {
  fs.mkdirSync(project);
  write('loss.py', LOSS);
  write('times.py', TIMES);
  await runs.run(config, whole);
});

describe('an interrupted run with a loss of the user', () => {
  let out: string;
  beforeAll(async () => {
    out = await runs.interrupted(config, PLACES['a descent']);
  });

  it('is resumed only where its code is trusted', async () => {
    const error = await failureOf(resume(out));
    expect(error).toMatchObject({ kind: 'UsageError' });
    expect(error.message).toMatch(/names code to be imported, .*loss\.py:make: look at it, and give --trust-code/);
  });

  it.each([
    ['loss.py', LOSS.replace('return', 'return '), 'loss.py, which computes the training loss, has changed since'],
    ['times.py', TIMES.replace('2', '3'), 'times.py, which computes the training loss, has changed since'],
  ])('is refused once %s has changed', async (file, text, words) => {
    const before = fs.readFileSync(path.join(project, file), 'utf8');
    write(file, text);
    const error = await failureOf(resume(out, { trustCode: true }));
    write(file, before);
    expect(error).toMatchObject({ kind: 'DeterminismError', message: expect.stringContaining(words) });
  });

  it('goes on, once all of it is as it was, to the same bits', async () => {
    await resume(out, { trustCode: true });
    const [resumed, undisturbed] = [remainsOf(out), remainsOf(whole)];
    expect(resumed.result).toEqual(undisturbed.result);
    expect({ ...resumed.files, 'config.json': '' }).toEqual({ ...undisturbed.files, 'config.json': '' });
  });
});

describe('a finished run with a loss of the user', () => {
  it('knows the hashes of its files, beside those of the network', async () => {
    const { lossCode, network } = await readResult(whole);
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(lossCode).toEqual({ 'loss.py': hash, 'times.py': hash });
    expect(network).not.toHaveProperty('code');
  });

  it('is not verified with another loss', async () => {
    write('times.py', TIMES.replace('2', '3'));
    await using session = await Session.start();
    const opening = openRun(session, { path: whole, config, result: await readResult(whole) }, {});
    await expect(opening).rejects.toThrow(
      'times.py, which computes the training loss, has changed since the run was made',
    );
    write('times.py', TIMES);
  });
});
