import path from 'node:path';
import { startDaemon } from '../bridge/remote-worker';
import { FAST_SEARCH_FLAGS } from '../builders';
import { CommandLine } from './dsptt';

const cli = new CommandLine();
const wine = ['--preset', 'wine', '--budget', '200', '--quiet', '--json', ...FAST_SEARCH_FLAGS];

describe('dsptt run and compare --worker', () => {
  it('run on the worker at an address, which serves on, and find what a worker here finds', async () => {
    await cli.run(['keys', 'gpu']);
    const daemon = await startDaemon(path.join(cli.directory, 'gpu', 'server'));
    const flags = ['--worker', daemon.address, '--keys', 'gpu/client'];
    const ended = await cli.runInOneProcess([
      ['run', ...wine, ...flags, '--out', 'remote'],
      ['compare', ...wine, ...flags, '--methods', 'dsp-tt,single', '--out', 'both'],
      ['run', ...wine, '--out', 'local'],
    ]);
    const short = expect.stringMatching(/^(\S.*)?tier1: \d of 3 paths found an exit: .*\n$/); // in so few steps
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(3).fill({ code: 0, stderr: short }));
    const [there, , here] = ended.map(({ stdout }) => JSON.parse(stdout));
    expect(there.members).toEqual(here.members);
    expect(there.members.length).toBeGreaterThan(1);
    expect(cli.left.workers).toEqual([]);
    expect(await daemon.stop()).toEqual({ code: 0, errors: '' });
  });
});
