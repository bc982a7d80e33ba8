import fs from 'node:fs';
import path from 'node:path';
import { findPython } from '../../../src/bridge/workers/python';
import { CommandLine } from '../dsptt';
import { checkFailure, writeBadFiles } from './failing-run';
import { CASES } from './failure-cases';

const cli = new CommandLine();
const QUICK = ['a --tier0 file of another network']; // all of them in failures.full.test.ts

describe('a run that cannot work', () => {
  beforeAll(() => writeBadFiles(cli));

  const quick = CASES.filter(({ what }) => QUICK.includes(what));
  it.each(quick)('ends with $code and one sentence on $what', (given) => checkFailure(cli, given));

  it('gives one sentence and the remedy where torch cannot be imported, and with --debug the traceback', async () => {
    fs.mkdirSync(path.join(cli.directory, 'torch'));
    cli.write('torch/__init__.py', "raise ImportError('libtorch_cpu.so: cannot open shared object file')\n");
    const script = `#!/bin/sh\nexport PYTHONPATH="$PYTHONPATH:${cli.directory}"\nexec '${findPython()}' "$@"\n`;
    const python = cli.write('broken-python', script);
    fs.chmodSync(python, 0o755);
    const run = ['run', '--preset=wine', '--quiet'];
    const lines = [run, ['--debug', ...run]];
    const [plain, debugged] = await cli.runInOneProcess(lines, { DSPTT_PYTHON: python });
    expect(plain).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('libtorch_cpu.so') });
    expect(plain.stderr).not.toContain('Traceback');
    expect(debugged).toMatchObject({ code: 1, stderr: expect.stringContaining('Traceback (most recent call last)') });
    expect(plain.stderr).toMatch(/npm run setup/);
  });
});
