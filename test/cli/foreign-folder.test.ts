import fs from 'node:fs';
import path from 'node:path';
import { findPython } from '../../src/bridge/workers/python';
import { usePlainPython } from '../builders';
import { CommandLine } from './dsptt';

usePlainPython();

const cli = new CommandLine();
/** Modules of Python's own and of packages; the first ones are imported while Python starts. */
const NAMES = [
  'sitecustomize',
  'usercustomize',
  'runpy',
  'linecache',
  'types',
  'copy',
  'random',
  'queue',
  'token',
].concat(['json', 'argparse', 'signal', 'platform', 'numpy', 'torch', 'zmq', 'safetensors', 'dsptt', 'dsptt_worker']);
const THERE = ['--input=wine.csv', '--out=predictions.csv'];
/** A stray colon and a dot, either of which Python reads as the current folder. */
const STRAY = { PYTHONPATH: ':.:' };

describe('a folder whose files are called like modules', () => {
  beforeAll(async () => {
    const run = ['run', '--preset=wine', '--method=single', '--budget=20', '--out=run', '--quiet'];
    for (const name of NAMES)
      cli.write(`${name}.py`, 'open("RAN", "a").write(__file__)\nraise ImportError(__file__)\n');
    expect(await cli.run(run, STRAY)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('rror') });
    const row = Array.from({ length: 13 }, () => '1').join(',');
    cli.write('wine.csv', `${row}\n${row}\n`);
  });

  it.each([[['doctor']], [['predict', 'run', ...THERE]]])(
    'breaks no command, and none of its files is executed: %s',
    async (command) => {
      expect(await cli.run(command, STRAY)).toMatchObject({ code: 0, stderr: '' });
      expect(cli.has('RAN')).toBe(false);
    },
  );

  it('does not break a network that a script builds', async () => {
    const code = `
      const { run } = require(${JSON.stringify(path.join(__dirname, '..', '..', 'dist'))});
      const model = async (python) => (await python('torch.nn')).call('Linear', [13, 3]);
      run({ preset: 'wine', method: 'single', budget: { steps: 10 } }, { out: 'handed', model })
        .then(({ model }) => console.log(model));
    `;
    const script = cli.write('script.js', code);
    const { stdout } = await cli.runNode([script], STRAY);
    expect(stdout.trim()).toBe('handed');
    expect(cli.has('RAN')).toBe(false);
  });
});

describe('a script that stands for Python and prints', () => {
  it('is a Python like any other, for doctor and for predict', async () => {
    const said = `printf activating; printf activating >&2\n'${findPython()}' "$@"\nstatus=$?`;
    const after = 'echo leaving; echo leaving >&2; exit $status';
    const DSPTT_PYTHON = cli.write('noisy-python', `#!/bin/sh\n${said}\n${after}\n`);
    fs.chmodSync(DSPTT_PYTHON, 0o755);
    const doctor = await cli.run(['doctor'], { DSPTT_PYTHON });
    expect(doctor.stdout).not.toContain('FAIL');
    expect((await cli.run(['predict', 'run', ...THERE], { DSPTT_PYTHON })).code).toBe(0);
    const refused = await cli.run(['predict', 'run', '--input=nothing.csv'], { DSPTT_PYTHON });
    expect(refused.stderr).toMatch(/^DataError: there is no .*nothing\.csv\n$/);
  });
});
