import { join } from 'node:path';
import type { Command } from 'commander';

interface SetUp {
  setUpPython(): Promise<string | undefined>;
}

/** The set-up is plain JavaScript, as it must run before anything is installed or compiled. */
const setUp = (): SetUp => require(join(__dirname, '..', '..', '..', 'scripts', 'setup', 'main'));

const NOTE = `
It lies in .venv of a checkout, and for an installed package under $DSPTT_CACHE or ~/.cache/dsptt, one a version: 200 MB to
3 GB with PyTorch. With DSPTT_PYTHON=/path/to/python nothing is installed: that Python is only checked.

Example:
  dsptt setup`;

/** `dsptt setup`: the Python environment, which `npm install` alone does not make. */
export function setupCommand(command: Command): void {
  command.addHelpText('after', NOTE).action(async () => {
    const python = await setUpPython();
    if (python !== undefined) process.stdout.write(`${python}\n`);
  });
}

/**
 * Makes the Python environment where it is missing or unfinished, or checks DSPTT_PYTHON.
 * @returns its interpreter; undefined where there is none: standard error says why, and the process's exit code is set
 */
export function setUpPython(): Promise<string | undefined> {
  return setUp().setUpPython();
}
