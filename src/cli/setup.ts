import { Command } from 'commander';
import { setUpPython } from './set-up';

const NOTE = `
It lies in .venv of a checkout, and for an installed package under $DSPTT_CACHE or ~/.cache/dsptt, one a version: 200 MB to
3 GB with PyTorch. With DSPTT_PYTHON=/path/to/python nothing is installed: that Python is only checked.

Example:
  dsptt setup`;

/** `dsptt setup`: the Python environment, which `npm install` alone does not make. */
export function setupCommand(): Command {
  return new Command('setup')
    .description('make the Python environment with PyTorch, where it is not there yet')
    .addHelpText('after', NOTE)
    .action(async () => {
      const python = await setUpPython();
      if (python !== undefined) process.stdout.write(`${python}\n`);
    });
}
