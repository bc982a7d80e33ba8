import { existsSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import type { Command } from 'commander';
import { UsageError } from '../../errors';
import { ViewServer } from '../../watch/http/server';
import { openBrowser } from '../../watch/open-browser';
import { runsAt } from '../../watch/run-folder';
import { port } from '../flags/parsers';

interface Flags {
  readonly port?: number;
  readonly open: boolean;
}

const EXAMPLES = `
Examples:
  dsptt watch runs/first       one run, finished or not
  dsptt watch runs             all runs of a folder
  dsptt run --preset digits --watch`;

/** Folder in which `dsptt run` creates run directories. */
const DEFAULT_FOLDER = 'runs';

/** Defines `dsptt watch`: it shows runs in a browser on this machine. */
export function watchCommand(command: Command): void {
  command
    .argument('[run]', `a run directory, or a folder of them (default: ${DEFAULT_FOLDER})`)
    .option('--port <n>', 'port on 127.0.0.1 (default: any free one)', port)
    .option('--no-open', 'print the address, and open no browser')
    .addHelpText('after', EXAMPLES)
    .action(execute);
}

async function execute(path: string | undefined, flags: Flags): Promise<void> {
  if (path === undefined && !existsSync(DEFAULT_FOLDER)) {
    throw new UsageError(`there is no folder ${DEFAULT_FOLDER} here: name a run directory, or a folder of runs`);
  }
  const server = await ViewServer.start(runsAt(path ?? DEFAULT_FOLDER), flags.port);
  process.stdout.write(`${server.url}\n`);
  process.stderr.write('The display opens only at exactly this address. Ctrl-C ends the display; runs go on.\n');
  const browser = flags.open ? openBrowser(server.url) : null;
  standBack(); // after the browser has started, which would inherit the priority
  try {
    await interrupted();
  } finally {
    browser?.forget();
    await server.close();
  }
}

/** Lowers this process's priority, so that a run that is displayed gets the processors first. */
function standBack(): void {
  const { PRIORITY_BELOW_NORMAL } = constants.priority;
  if (getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);
}

/** Resolves on Ctrl-C or SIGTERM: the regular end of a display, not a failure. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
}
