import { UsageError } from '../errors';

/**
 * Places at which a test can kill this process as abruptly as a power failure: `DSPTT_KILL_AT=journal.afterWrite:3`
 * ends it by SIGKILL the third time it gets there. Without the variable, each costs one comparison.
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

/** Parses DSPTT_KILL_AT. @throws UsageError on an unknown place: a test that kills nothing would pass */
function asked(setting: string | undefined): { readonly wanted: KillPoint | null; readonly times: number } {
  if (setting === undefined || setting === '') return { wanted: null, times: 0 };
  const [, name, count = '1'] = /^([^:]*)(?::(.*))?$/s.exec(setting) ?? [];
  const wanted = KILL_POINTS.find((point) => point === name);
  if (wanted !== undefined && /^[1-9]\d*$/.test(count)) return { wanted, times: Number(count) };
  throw new UsageError(
    `DSPTT_KILL_AT must be a kill point, with the visit to die at if not the first (journal.afterWrite:3), got '${setting}'; there are ${KILL_POINTS.join(', ')}`,
  );
}

/** Kills this process, if DSPTT_KILL_AT asks for it here. */
export function killPoint(name: KillPoint): void {
  if (name !== wanted) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}
