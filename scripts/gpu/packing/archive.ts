import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Table from 'cli-table3';
import { DspttError } from '../../../src/errors';
import type { Place } from './place';
import { run } from './run';

const LIMIT = 60 * 2 ** 20;
/** What the sizes are printed for: paths in the archive, by what they are. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'Node binary': ['node.xz'],
  'npm packages': ['package/node_modules'],
  'built package': ['package/dist', 'package/src', 'package/package.json', 'package/LICENSE'],
  'scripts and benches': ['package/scripts', 'accept', 'acceptance', 'pack.json'],
  'worker and tests': ['package/python'],
  wheels: ['wheels'],
  'CIFAR-10': ['cifar'],
};
/** The same files give the same archive: sorted, one owner, one time, modes that no umask changes. */
const SAME = ['--sort=name', '--mtime=@1577836800', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];
const MODES = '--mode=u+rwX,go+rX,go-w';

/**
 * Write the archive of the staged files, and answer a table of its parts' sizes.
 * @throws DspttError where it is larger than a CUDA machine takes; no archive stays behind then
 */
export async function writeArchive({ stage, scratch, cifar }: Place, out: string): Promise<string> {
  const sizes: [string, number][] = [];
  for (const [part, paths] of Object.entries(PARTS)) {
    if (part === 'CIFAR-10' && cifar === null) continue;
    sizes.push([part, await pack(stage, paths, join(scratch, 'part.tar.gz'))]);
  }
  const whole = await pack(dirname(stage), [basename(stage)], out);
  if (whole > LIMIT) {
    await rm(out);
    const largest = sizes.toSorted(([, a], [, b]) => b - a).slice(0, 3);
    const named = largest.map(([part, bytes]) => `${part} ${mebibytes(bytes)}`).join(', ');
    throw new DspttError(
      `the pack would be ${mebibytes(whole)}, above ${mebibytes(LIMIT)}; the largest parts: ${named}`,
    );
  }
  const table = new Table({ head: ['part', 'compressed'], style: { head: [], border: [] } });
  for (const [part, bytes] of [...sizes, ['all', whole] as const]) table.push([part, mebibytes(bytes)]);
  return table.toString();
}

/** Pack paths under a folder into a file, and answer its bytes. */
async function pack(folder: string, paths: readonly string[], out: string): Promise<number> {
  const args = [...SAME, MODES, '--use-compress-program=gzip -n -9', '-cf', out, '-C', folder, ...paths];
  await run('tar', args, folder, 'GNU tar and gzip make the archive');
  return (await stat(out)).size;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
