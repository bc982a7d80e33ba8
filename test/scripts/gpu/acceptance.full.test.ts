import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryDirectory, until } from '../../builders';
import { pack, type Report, readReport, Unpacked } from './unpacked';

/** Stands for the packed images: writes the official files' names with one picture each. */
const UNPACKER = `
import pathlib, sys
folder = pathlib.Path(sys.argv[2]) / "cifar-10-batches-bin"
folder.mkdir(parents=True)
for name in [*(f"data_batch_{n}.bin" for n in range(1, 6)), "test_batch.bin"]:
    (folder / name).write_bytes(bytes(3073))
`;

/** A test whose child would outlive it. */
const ENDLESS = `
import subprocess, sys
subprocess.run([sys.executable, "-c", "import time; time.sleep(1000)"])
`;

/** All steps but those that train for minutes where there is no GPU. */
const QUICK = ['device', 'doctor', 'cuda-tests', 'graphs', 'cifar', 'bench-bridge', 'compare', 'worker-tests'];

/** What chooses steps by pytest's `-k`. */
function only(...steps: readonly string[]): string[] {
  return ['-k', steps.map((step) => step.replace('-', '_')).join(' or ')];
}

const directory = temporaryDirectory();
const archive = path.join(directory, 'pack.tar.gz');
let unpacked: Unpacked;
let sizes: string;

beforeAll(() => {
  const cifar = path.join(directory, 'data');
  fs.mkdirSync(path.join(cifar, 'cifar10'), { recursive: true });
  fs.writeFileSync(path.join(cifar, 'unpack.py'), UNPACKER);
  fs.writeFileSync(path.join(cifar, 'cifar10', 'cifar10.npz'), 'packed');
  sizes = pack([archive, '--cifar', cifar]);
  unpacked = new Unpacked(archive, directory);
}, 300_000);

function statuses({ steps }: Report): Record<string, string> {
  return Object.fromEntries(steps.map(({ name, status }) => [name, status]));
}

describe('the pack for a CUDA machine', () => {
  it('is below 60 MiB, says what its parts take, and lists its files in one order with one time', () => {
    expect(fs.statSync(archive).size).toBeLessThan(60 * 2 ** 20);
    for (const part of ['Node binary', 'npm packages', 'wheels', 'CIFAR-10', 'all']) expect(sizes).toContain(part);
    const listed = (flags: string) => execFileSync('tar', [flags, archive], { encoding: 'utf8' }).trim().split('\n');
    const lines = listed('tvzf');
    expect(new Set(lines.map((line) => line.match(/ 0\/0 +\d+ (\S+ \S+) /)?.[1])).size).toBe(1);
    const names = listed('tzf').map((name) => name.split('/').filter(Boolean));
    const inOrder = names.toSorted((a, b) => compare(a, b));
    expect(names).toEqual(inOrder);
  });

  it('runs what takes no minutes of a CPU on a machine with a bare PATH, and leaves only its report', async () => {
    const out = path.join(directory, 'smoke');
    const { code, report } = await unpacked.accept(out, only(...QUICK));
    const failed = report.steps.filter(({ status }) => status !== 'passed' && status !== 'skipped');
    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    const { 'cuda-tests': onCuda, ...others } = statuses(report);
    expect(onCuda).toBe('skipped');
    expect(Object.keys(others)).toEqual(QUICK.filter((step) => step !== 'cuda-tests'));
    expect(new Set(Object.values(others))).toEqual(new Set(['passed']));
    expect(report.steps.find(({ name }) => name === 'cifar')?.details).toEqual({ images: 6 });
    expect(report).toMatchObject({ device: 'cpu', smoke: true, running: null });
    expect(fs.readFileSync(path.join(out, 'report.md'), 'utf8')).toContain('# Acceptance on cpu (smoke)');
    expect(fs.readdirSync(unpacked.temporary)).toEqual([]);
    expect(unpacked.running()).toEqual([]);
  }, 540_000);

  it('notes a step that fails, goes on with the others, and ends with 1', async () => {
    const zeromq = path.join(unpacked.folder, 'package', 'node_modules', 'zeromq');
    fs.renameSync(zeromq, `${zeromq}-away`);
    const { code, report } = await unpacked.accept(path.join(directory, 'broken'), only('device', 'doctor', 'compare'));
    fs.renameSync(`${zeromq}-away`, zeromq);
    const ended = { device: 'passed', doctor: 'failed', compare: 'failed' };
    expect({ code, statuses: statuses(report) }).toEqual({ code: 1, statuses: ended });
    expect(report.steps[1].details.error).toContain("Cannot find module 'zeromq'");
  }, 60_000);

  it('ends by SIGTERM with all that it started, and its report says during which step', async () => {
    const out = path.join(directory, 'ended');
    const { child, ended } = unpacked.start(out, only('graphs', 'compare'));
    await until(() => fs.existsSync(path.join(out, 'logs', 'graphs.log')));
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    const report = readReport(out);
    expect(report).toMatchObject({ running: 'graphs', ended: expect.any(String), steps: [] });
    expect(fs.readdirSync(unpacked.temporary)).toEqual([]);
    expect(unpacked.running()).toEqual([]);
  }, 60_000);

  it('ends a step that takes too long, and what it started', async () => {
    const test = path.join(unpacked.folder, 'package', 'python', 'tests', 'test_flat.py');
    fs.writeFileSync(test, ENDLESS);
    const { code, report } = await unpacked.accept(path.join(directory, 'late'), [
      ...[...only('worker-tests'), '--minutes', '0.5'],
    ]);
    expect({ code, statuses: statuses(report) }).toEqual({ code: 1, statuses: { 'worker-tests': 'failed' } });
    expect(report.steps[0].details.error).toMatch(/^ended after \d+ s$/);
    expect(unpacked.running()).toEqual([]);
  }, 90_000);
});

/** By parts of the path, as tar walks folders. */
function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, k) => part !== b[k]);
  if (at === -1) return a.length - b.length;
  return b[at] === undefined || a[at] > b[at] ? 1 : -1;
}
