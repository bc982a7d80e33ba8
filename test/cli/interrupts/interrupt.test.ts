import { FAST_SEARCH_FLAGS, until, workersOf } from '../../builders';
import { CommandLine } from '../dsptt';
import { interruptTier0, LONG, processOf, RESUMABLE, SEARCH } from './interrupts';

describe('an interrupt of dsptt run', () => {
  const cli = new CommandLine();

  it('by SIGINT while tier 0 is trained ends with 130, and leaves a run to go on with', () =>
    interruptTier0(cli, 'SIGINT', 130));

  it('by a second SIGINT ends at once with 130, and the worker with it; the run can be taken up', async () => {
    const out = ['--out=runs/twice'];
    const started = cli.start(['run', '--preset=wine', '--budget=3000', ...FAST_SEARCH_FLAGS, ...out]);
    await started.errorOutput(/tier0/);
    const [worker] = workersOf(processOf(started));
    process.kill(worker, 'SIGSTOP'); // a worker that cannot leave by itself
    started.child.kill('SIGINT');
    await started.errorOutput(/once more to end at once/);
    started.child.kill('SIGINT');
    expect(await started.ended).toMatchObject({ code: 130 });
    await until(() => !workersOf(1).includes(worker));
    expect(cli.left.workers).toEqual([]);
    expect(cli.has('runs/twice/result.json')).toBe(false);
    const resumed = await cli.run(['resume', 'runs/twice', '--json']);
    expect(resumed).toMatchObject({ code: 0 });
    expect(JSON.parse(resumed.stdout)).toEqual(JSON.parse(cli.read('runs/twice/result.json')));
  });
});

describe('the death of the worker', () => {
  const cli = new CommandLine();

  it('in the search is told, and the run goes on', async () => {
    const started = cli.start([...LONG, ...SEARCH]);
    await started.errorOutput(/search of tier 1/);
    const [worker] = workersOf(processOf(started));
    process.kill(worker, 'SIGKILL');
    await started.errorOutput(
      /was ended by SIGKILL while it served .*; starting another one \(1 of 3 within an hour\)/,
    );
    await until(() => workersOf(processOf(started)).some((other) => other !== worker));
    started.child.kill('SIGINT');
    const ended = await started.ended;
    expect(ended.stderr).toMatch(RESUMABLE);
    expect(ended).toMatchObject({ code: 130 });
    expect(cli.left.workers).toEqual([]);
  });
});
