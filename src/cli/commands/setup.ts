import { join } from 'node:path';
import type { Command } from 'commander';

interface SetUp {
  setUpPython(): Promise<string | undefined>;
}

/** The set-up is plain JavaScript, because it must run before anything is installed or compiled. */
const setUp = (): SetUp => require(join(__dirname, '..', '..', '..', 'scripts', 'setup', 'main'));

const NOTE = `
It lies in .venv of a checkout or, for an installed package, under $DSPTT_CACHE or ~/.cache/dsptt, one for each version:
200 MB to 3 GB with PyTorch. With DSPTT_PYTHON=/path/to/python nothing is installed: that Python is only checked.

Example:
  dsptt setup`;

/** Defines `dsptt setup`: it creates the Python environment, which `npm install` alone does not. */
export function setupCommand(command: Command): void {
  command.addHelpText('after', NOTE).action(async () => {
    const python = await setUpPython();
    if (python !== undefined) process.stdout.write(`${python}\n`);
  });
}

/**
 * Creates the Python environment if it is missing or unfinished, or checks DSPTT_PYTHON.
 * @returns the path of its interpreter; undefined after a failure, which is printed on standard error and sets the exit
 *   code
 */
export function setUpPython(): Promise<string | undefined> {
  return setUp().setUpPython();
}
