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
  dsptt watch runs/first       a run, going on or finished, whoever started it
  dsptt watch runs             all runs of a folder
  dsptt run --preset digits --watch`;

/** Where `run` puts its runs. */
const DEFAULT_FOLDER = 'runs';

/** `dsptt watch`: show runs in a browser on this machine. */
export function watchCommand(command: Command): void {
  command
    .argument('[run]', `a run directory, or a folder of them (default: ${DEFAULT_FOLDER})`)
    .option('--port <n>', 'port at 127.0.0.1 (default: one that is free)', port)
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
  process.stderr.write('Only who knows this address can look. Ctrl-C ends the display, and touches no run.\n');
  const browser = flags.open ? openBrowser(server.url) : null;
  standBack(); // not before: the browser would have to as well
  try {
    await interrupted();
  } finally {
    browser?.forget();
    await server.close();
  }
}

/** Where processors are scarce, a run that is looked at comes first. */
function standBack(): void {
  const { PRIORITY_BELOW_NORMAL } = constants.priority;
  if (getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);
}

/** Until Ctrl-C or SIGTERM: the way to end a display, and no failure. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
}
