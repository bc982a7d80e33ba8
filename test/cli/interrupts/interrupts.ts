import { FAST_SEARCH_FLAGS, until, workersOf } from '../../builders';
import type { CommandLine, Started } from '../dsptt';

/** A run that takes minutes. */
export const LONG = ['run', '--preset=wine', '--budget=200000', '--paths=3', ...FAST_SEARCH_FLAGS];

export function processOf({ child }: Started): number {
  if (child.pid === undefined) throw new Error('dsptt did not start');
  return child.pid;
}

/** The words after which a run can be taken up. */
export const RESUMABLE = /: the run was interrupted; `npx --no dsptt resume (runs\/\S+)` resumes the run\n$/;
/** A search that finds no exit. */
export const SEARCH = [
  '--set=dspTt.detector.minRise=1000',
  '--set=dspTt.tierShare=0.99',
  '--set=dspTt.searchShare=0.9',
];

/** Interrupt a run while its first network is trained: it ends with `code`, and leaves nothing but what can be resumed. */
export async function interruptTier0(cli: CommandLine, signal: 'SIGINT' | 'SIGTERM', code: number): Promise<void> {
  const started = cli.start([...LONG, '--json']);
  await started.errorOutput(/tier0/);
  const workers = workersOf(processOf(started));
  expect(workers).toHaveLength(1);
  started.child.kill(signal);
  const ended = await started.ended;
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toMatch(new RegExp(`${signal}: ending the run.*\nInterruptedError${RESUMABLE.source}`));
  await until(() => !workersOf(1).includes(workers[0]));
  expect(cli.left.workers).toEqual([]);
  const [, run] = RESUMABLE.exec(ended.stderr) ?? [];
  expect([cli.has(`${run}/config.json`), cli.has(`${run}/result.json`)]).toEqual([true, false]);
  expect(cli.has(`${run}/.lock`)).toBe(false);
}
