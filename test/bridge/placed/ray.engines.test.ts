import fs from 'node:fs';
import path from 'node:path';
import { fromZ85 } from '../../../src/bridge/wire/z85';
import { processes, until } from '../../builders';
import { CommandLine } from '../../cli/dsptt';
import { RunsOnRay } from './on-ray';

const mockPairs: { publicKey: string; secretKey: string }[] = [];
jest.mock('zeromq', () => {
  const real = jest.requireActual('zeromq');
  const curveKeyPair = () => {
    const pair = real.curveKeyPair();
    mockPairs.push(pair);
    return pair;
  };
  return { ...real, curveKeyPair };
});

const runs = new RunsOnRay();

/** The processes that hold workers on Ray, children of a process. */
const pools = (parent: number) =>
  processes().filter((process) => process.parent === parent && process.command.includes('dsptt_pool'));

runs.describe('more of a real Ray', () => {
  runs.useRay(2);
  const cli = new CommandLine();
  const settings = ['--preset=digits', '--threads=1', '--device=cpu', '--gpus-per-worker=1'];

  it('costs a run that loses its pool one place, and no bit', async () => {
    const notices = await runs.disturbed('pool', () => process.kill(pools(process.pid)[0].pid, 'SIGKILL'));
    expect(notices).toEqual([expect.stringContaining('(1 of 20 within an hour)')]);
    await until(() => runs.ray.workers().length === 0);
  }, 120_000);

  it('costs a run whose worker is killed one restart, and no bit', async () => {
    const kill = () => process.kill(runs.ray.workers()[0].worker, 'SIGKILL');
    const notices = await runs.disturbed('worker', kill, 1);
    expect(notices).toEqual([expect.stringContaining('(1 of 1 within an hour)')]);
  }, 120_000);

  it('holds nothing after Node was killed, and the run goes on without Ray', async () => {
    const run = cli.start([
      'run',
      ...settings,
      '--budget=1000',
      '--on=ray',
      '--out=killed',
      '--checkpoint-minutes=0.01',
    ]);
    await run.errorOutput(/tier0/);
    const [{ pid }] = pools(run.child.pid ?? 0);
    run.child.kill('SIGKILL');
    await until(() => runs.ray.workers().length === 0 && !processes().some((process) => process.pid === pid));
    const { DSPTT_PLAIN_PYTHON: DSPTT_PYTHON = '' } = process.env;
    const here = settings.slice(0, 3);
    expect(await cli.run(['resume', 'killed'], { DSPTT_PYTHON })).toMatchObject({ code: 0 });
    expect(await cli.run(['run', ...here, '--budget=1000', '--out=whole'], { DSPTT_PYTHON })).toMatchObject({
      code: 0,
    });
    const [killed, whole] = ['killed', 'whole'].map((name) => JSON.parse(cli.read(`${name}/result.json`)));
    expect({ ...killed, timings: null }).toEqual({ ...whole, timings: null });
  }, 240_000);

  it('never sees the secret key of this process, in its session or among its processes', async () => {
    let commands = '';
    await runs.disturbed('secret', () => {
      commands = processes()
        .map(({ command }) => command)
        .join('\n');
    });
    expect(mockPairs).toHaveLength(1);
    const [{ publicKey, secretKey }] = mockPairs;
    const hex = (key: string) => fromZ85(key).toString('hex');
    const told = [commands, ...filesNamed(runs.ray.session, '')];
    const isTold = (text: string) => told.some((one) => one.includes(text));
    expect(isTold(hex(publicKey))).toBe(true);
    expect(isTold(secretKey) || isTold(hex(secretKey))).toBe(false);
  }, 120_000);

  it('with one of two places lost for ever makes all runs of a comparison, with their bits', async () => {
    const compare = ['compare', '--preset=digits', '--scale=smoke', '--methods=dsp-tt,single', '--seeds=0,1'];
    const { DSPTT_PLAIN_PYTHON: DSPTT_PYTHON = '' } = process.env;
    const few = cli.start([
      ...compare,
      '--device=cpu',
      '--gpus-per-worker=1',
      '--at-once=2',
      '--threads=1',
      '--on=ray',
      '--out=few',
    ]);
    await until(() => runs.ray.workers().length === 2);
    runs.ray.killNode(runs.ray.workers()[0].node);
    expect(await few.ended).toMatchObject({ code: 0 });
    const here = await cli.run([...compare, '--device=cpu', '--at-once=1', '--threads=1', '--out=here'], {
      DSPTT_PYTHON,
    });
    expect(here.code).toBe(0);
    const results = ['few', 'here'].map((out) =>
      filesNamed(path.join(cli.directory, out), 'result.json').map((file) => ({ ...JSON.parse(file), timings: null })),
    );
    expect(results[0]).toHaveLength(4);
    expect(results[0]).toEqual(results[1]);
  }, 300_000);
});

function filesNamed(folder: string, name: string): string[] {
  const all = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && (name === '' || entry.name === name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => fs.readFileSync(file, 'latin1'));
}
