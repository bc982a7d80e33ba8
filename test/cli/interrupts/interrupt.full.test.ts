import { workersOf } from '../../builders';
import { CommandLine } from '../dsptt';
import { interruptTier0, LONG, processOf, RESUMABLE, SEARCH } from './interrupts';

describe('an interrupt of dsptt run', () => {
  const cli = new CommandLine();

  it('by SIGTERM while tier 0 is trained ends with 143, and leaves a run to go on with', () =>
    interruptTier0(cli, 'SIGTERM', 143));

  it('by SIGINT in the search ends with 130 and one sentence', async () => {
    const started = cli.start([...LONG, ...SEARCH]);
    await started.errorOutput(/search of tier 1/);
    started.child.kill('SIGINT');
    const ended = await started.ended;
    expect(ended.stderr).not.toMatch(/^ +at /m);
    expect(ended.stderr).toMatch(RESUMABLE);
    expect(ended).toMatchObject({ code: 130, stdout: '' });
    expect(cli.left.workers).toEqual([]);
  });
});

describe('the death of the worker', () => {
  const cli = new CommandLine();

  it('ends the run with 1 where it is not to be replaced, and one sentence that says how to go on', async () => {
    const started = cli.start([...LONG, ...SEARCH, '--max-restarts=0', '--out=runs/once']);
    await started.errorOutput(/search of tier 1/);
    process.kill(workersOf(processOf(started))[0], 'SIGKILL');
    const ended = await started.ended;
    expect(ended.stderr).toMatch(
      /^WorkerError: the worker .* was ended by SIGKILL while it served '(search|probe|newPath)'.*; `npx --no dsptt resume runs\/once` resumes the run$/m,
    );
    expect(ended.stderr).not.toMatch(/^ +at /m);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(cli.left.workers).toEqual([]);
    expect([cli.has('runs/once/config.json'), cli.has('runs/once/result.json')]).toEqual([true, false]);
  });
});
