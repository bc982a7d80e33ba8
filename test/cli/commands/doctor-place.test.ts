import fs from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { findPython } from '../../../src/bridge/workers/python';
import { isRunning, until } from '../../builders';
import { CommandLine } from '../dsptt';

const cli = new CommandLine();
const ON = ['doctor', '--on', 'command env', '--worker-python', findPython()];

describe('dsptt doctor --on', () => {
  it('says what a worker there is and does, and gives its place back', async () => {
    const { code, stdout, stderr } = await cli.run([...ON, '--device', 'cpu', '--data-dir', '.']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^ok +place +a worker on \S+ \(pid (\d+), by 'env'\) answers \d+\.\d s after it was asked for$/m,
    );
    expect(stdout).toMatch(/^ok +processor +\S.* \([A-Z0-9]+\)$/m);
    expect(stdout).toMatch(/^ok +devices +cpu/m);
    expect(stdout).toMatch(/^ok +packages +dsptt_worker \S+, python \S+, torch /m);
    expect(stdout).toMatch(/^ok +training +20 steps of digits in \d+ ms on cpu \(CPU\)$/m);
    expect(stdout).toMatch(/^ok +states +\d+ MB\/s to there, \d+ MB\/s back$/m);
    expect(stdout).toMatch(new RegExp(`^ok +data +${fs.realpathSync(cli.directory)} is there$`, 'm'));
    expect(isRunning(Number(/pid (\d+)/.exec(stdout)?.[1]))).toBe(false);
  });

  it('names each fault with its remedy, and ends with 1', async () => {
    const python = cli.write('python', '#!/bin/sh\necho "ModuleNotFoundError: No module named \'zmq\'" >&2; exit 1\n');
    fs.chmodSync(python, 0o755);
    const cuda = { CUDA_VISIBLE_DEVICES: '' };
    const [data, device, modules, noPython, noCommand, gpus] = await cli.runInOneProcess(
      [
        [...ON, '--data-dir', '/nowhere'],
        [...ON, '--device', 'cuda'],
        ['doctor', '--on', 'command env', '--worker-python', python],
        ['doctor', '--on', 'command env', '--worker-python', '/nowhere/python'],
        ['doctor', '--on', 'command no-such-command'],
        ['doctor', '--on', 'gpus'],
      ],
      cuda,
    );
    expect(data.stdout).toMatch(
      new RegExp(
        `^FAIL data +the data directory /nowhere does not exist \\(on ${hostname()}, .*\n +-> put the folder`,
        'm',
      ),
    );
    expect(device.stdout).toMatch(/^FAIL training .*cuda.*\n +-> ask for places with that device/m);
    expect(modules.stdout).toMatch(/^FAIL place .*No module named 'zmq'\n +-> install it in the Python there/m);
    expect(noPython.stdout).toMatch(/^FAIL place .*\/nowhere\/python.*\n +-> name the Python .* with --worker-python/m);
    expect(noCommand.stdout).toMatch(/^FAIL place .*'no-such-command' cannot be started.*\n +-> make the command/m);
    expect(gpus.stdout).toMatch(/^FAIL place .*this machine shows no GPU.*\n +-> use --on gpus where GPUs are/m);
    for (const { code } of [data, device, modules, noPython, noCommand, gpus]) expect(code).toBe(1);
  });

  it('gives a place up that it still waits for at Ctrl-C', async () => {
    const pid = path.join(cli.directory, 'pid');
    const queue = cli.write('queue', `#!/bin/sh\necho $$ > '${pid}'; echo waits >&2; while :; do sleep 0.05; done\n`);
    fs.chmodSync(queue, 0o755);
    const { child, ended } = cli.start(['doctor', '--on', `command ${queue}`]);
    await until(() => cli.has('pid') && cli.read('pid').includes('\n'));
    child.kill('SIGINT');
    const { code } = await ended;
    expect(code).toBe(130);
    expect(isRunning(Number(cli.read('pid')))).toBe(false);
  });

  it('takes what a worker there needs only with a place', async () => {
    const [{ code, stderr }] = await cli.runInOneProcess([['doctor', '--data-dir', '.']]);
    expect(code).toBe(2);
    expect(stderr).toContain('--device and --data-dir are for --on');
  });
});
