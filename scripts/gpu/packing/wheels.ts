import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPython } from '../../../src/bridge/workers/python';
import { DspttError } from '../../../src/errors';
import type { Place } from './place';
import { run } from './run';

/** What the worker and its tests need besides torch, numpy, safetensors, scikit-learn and pillow, which the machine has. */
const PACKAGES = [
  ...['pyzmq', 'msgspec'],
  ...['pytest', 'iniconfig', 'packaging', 'pluggy', 'Pygments'],
  ...['hypothesis', 'sortedcontainers'],
  ...['pytorchcv', 'requests', 'certifi', 'charset-normalizer', 'idna', 'urllib3'],
];
const LOCKS = ['requirements.lock', 'requirements-dev.lock'];
/** pip takes each name to the letter; the machine's libc is at least that of the newest. */
const PLATFORMS = ['2_28', '2_27', '2_26', '2_17'].map((glibc) => `manylinux_${glibc}_x86_64`);

/** wheels/: the pinned versions, for the machine's Python. */
export async function addWheels({ root, stage, python }: Place): Promise<void> {
  const into = join(stage, 'wheels');
  await mkdir(into);
  const locks = await Promise.all(LOCKS.map((file) => readFile(join(root, 'python', file), 'utf8')));
  const wanted = PACKAGES.map((name) => pinned(name, locks.join('\n')));
  const platforms = [...PLATFORMS, 'manylinux2014_x86_64'].flatMap((platform) => ['--platform', platform]);
  const args = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', into];
  const kind = ['--only-binary=:all:', '--implementation', 'cp', '--python-version', python, ...platforms];
  await run(findPython(), [...args, ...kind, ...wanted], stage, 'pip and the package index must be reachable');
}

/** NAME==VERSION as the lock files state it. */
function pinned(name: string, locks: string): string {
  const line = locks.split('\n').find((text) => text.startsWith(`${name}==`));
  if (line === undefined)
    throw new DspttError(`${name} is in none of ${LOCKS.join(' and ')}: the pack needs a version`);
  return line.split(';')[0].trim();
}
