import type { Command } from 'commander';
import { openBrowser } from '../../watch/open-browser';
import { singleRun } from '../../watch/run-folder';
import { port } from './parsers';

/** Only a run that is shown loads what shows it. */
const display = (): typeof import('../../watch/http/server') => require('../../watch/http/server');

/** How long the viewers of a run that has ended have for its last state. */
const GRACE_MS = 3000;

export interface ViewFlags {
  /** true: at a port that is free. */
  readonly watch?: number | true;
}

/** Add the option to show a run while it goes on. */
export function withViewFlags(command: Command): Command {
  return command.option('--watch [port]', 'show the run in a browser on this machine while it goes on', port);
}

/** Do some work on a run, and show it meanwhile where that is asked for. */
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
