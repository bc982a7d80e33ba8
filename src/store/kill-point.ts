import { UsageError } from '../errors';

/**
 * Places at which a test can let this process die as if the plug were pulled: `DSPTT_KILL_AT=journal.afterWrite:3` ends it
 * by SIGKILL the third time that it comes there. Without the variable they cost a comparison.
 */
export const KILL_POINTS = [
  'journal.beforeWrite',
  'journal.afterWrite',
  'journal.afterSync',
  'checkpoint.afterStates',
  'checkpoint.beforeRename',
  'checkpoint.afterRename',
  'file.beforeRename',
  'file.afterRename',
  'worker.beforeRestore',
  'worker.afterRestore',
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

const { wanted, times } = asked(process.env.DSPTT_KILL_AT);
let left = times;

/** @throws UsageError on a place that there is not: a test that kills nothing would pass */
function asked(setting: string | undefined): { readonly wanted: KillPoint | null; readonly times: number } {
  if (setting === undefined || setting === '') return { wanted: null, times: 0 };
  const [, name, count = '1'] = /^([^:]*)(?::(.*))?$/s.exec(setting) ?? [];
  const wanted = KILL_POINTS.find((point) => point === name);
  if (wanted !== undefined && /^[1-9]\d*$/.test(count)) return { wanted, times: Number(count) };
  throw new UsageError(
    `DSPTT_KILL_AT must be a kill point, and may end with the time to die at (journal.afterWrite:3), got '${setting}'; there are ${KILL_POINTS.join(', ')}`,
  );
}

/** Die here, where that was asked for. */
export function killPoint(name: KillPoint): void {
  if (name !== wanted) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}
