import type { Command } from 'commander';
import { setUpPython } from './set-up';

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
