import path from 'node:path';
import { Session } from '../../../src/run/session/session';
import { readResult } from '../../../src/store/run-directory';
import { isRunning, temporaryDirectory, tinyConfig, until, usePlainPython } from '../../builders';
import { CommandLine } from '../../cli/dsptt';
import { once, PLACES } from '../../run/durable/runs';
import { Slurm } from './slurm';

usePlainPython();

const slurm = new Slurm();
const missing = slurm.download();
if (missing !== undefined) console.warn(`the tests on a real Slurm are skipped: ${missing}`);

(missing === undefined ? describe : describe.skip)('runs on a real Slurm', () => {
  const directory = temporaryDirectory();
  const cli = new CommandLine();
  const before = process.env;
  const config = tinyConfig({ budget: { steps: 400 } });
  let undisturbed: unknown;

  const resultIn = async (name: string) => {
    const { timings: _, ...result } = await readResult(path.join(directory, name));
    return result;
  };

  beforeAll(async () => {
    await slurm.start();
    const session = await Session.start();
    await session.run(config, { out: path.join(directory, 'local') });
    await session.close();
    undisturbed = await resultIn('local');
    process.env = { ...before, ...slurm.env };
  });
  afterAll(async () => {
    process.env = before;
    await slurm.stop();
  });

  it('survive a job that is cancelled, have the bits of a local run, and leave no job', async () => {
    const session = await Session.start({ on: 'slurm -c1' });
    expect(slurm.jobs()).toHaveLength(1);
    const notices: string[] = [];
    const cancel = once(PLACES['the search'], () => slurm.ask('scancel', slurm.jobs()[0]));
    await session.run(config, {
      out: path.join(directory, 'cancelled'),
      checkpointMinutes: 1e-9,
      onEvent: (event) => {
        cancel(event);
        if (event.type === 'notice') notices.push(event.message);
      },
    });
    await session.close();
    expect(notices).toEqual([expect.stringContaining('starting another one (1 of 20 within an hour)')]);
    expect(await resultIn('cancelled')).toEqual(undisturbed);
    await until(() => slurm.jobs().length === 0);
  }, 120_000);

  it('end with their jobs when Node is killed, and leave a run to go on with', async () => {
    const run = cli.start([
      'run',
      '--preset=digits',
      '--threads=1',
      '--budget=200000',
      '--on=slurm -c1',
      '--out=killed',
    ]);
    await run.errorOutput(/tier0/);
    const [job] = slurm.jobs();
    const worker = Number(slurm.ask('scontrol', 'listpids', job).split('\n')[1].trim().split(/\s+/)[0]);
    expect(isRunning(worker)).toBe(true);
    run.child.kill('SIGKILL');
    await until(() => slurm.jobs().length === 0 && !isRunning(worker));
    expect(cli.has('killed/journal.jsonl')).toBe(true);
  }, 120_000);
});
