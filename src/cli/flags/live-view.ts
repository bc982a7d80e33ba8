import type { Command } from 'commander';
import { openBrowser } from '../../watch/open-browser';
import { singleRun } from '../../watch/run-folder';
import { port } from './parsers';

/** Loaded only for a run that is displayed. */
const display = (): typeof import('../../watch/http/server') => require('../../watch/http/server');

/** Time that browsers have to fetch the last state of a run that has ended. */
const GRACE_MS = 3000;

export interface ViewFlags {
  /** Port of the display; true: any free port. */
  readonly watch?: number | true;
}

/** Adds `--watch` to a command. */
export function withViewFlags(command: Command): Command {
  return command.option('--watch [port]', 'show the run in a browser on this machine while it goes on', port);
}

/** Runs work on a run, and displays the run in a browser meanwhile if `--watch` is given. */
export async function viewed<T>(run: string, { watch }: ViewFlags, work: () => Promise<T>): Promise<T> {
  if (watch === undefined) return work();
  const server = await display().ViewServer.start(singleRun(run), watch === true ? 0 : watch);
  process.stderr.write(`the run can be watched at ${server.url}\n`);
  const browser = openBrowser(server.url);
  try {
    return await work();
  } finally {
    browser?.forget();
    await server.finish(GRACE_MS);
  }
}
