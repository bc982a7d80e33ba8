import { existsSync, statSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../../src/errors';
import type { Place } from './place';

const PACKED = 'cifar10.npz';
const UNPACKER = 'unpack.py';

/** cifar/: the packed images, and the program that writes the official files from them on the machine. */
export async function addCifar({ stage, cifar }: Place): Promise<void> {
  if (cifar === null) return;
  const { packed, unpacker } = find(cifar);
  const into = join(stage, 'cifar');
  await mkdir(join(into, 'cifar10'), { recursive: true });
  await cp(packed, join(into, 'cifar10', PACKED));
  await cp(unpacker, join(into, UNPACKER));
}

/** `path` is the packed file, its folder, or the folder of both. */
function find(path: string): { packed: string; unpacker: string } {
  if (!existsSync(path)) throw new UsageError(`--cifar ${path} does not exist: name ${PACKED} or a folder that has it`);
  const files = statSync(path).isDirectory() ? [join(path, PACKED), join(path, 'cifar10', PACKED)] : [path];
  const packed = files.find((file) => basename(file) === PACKED && existsSync(file));
  if (packed === undefined) throw new UsageError(`--cifar ${path}: no ${PACKED} there, nor in a folder cifar10`);
  const folders = [dirname(packed), dirname(dirname(packed))];
  const unpacker = folders.map((folder) => join(folder, UNPACKER)).find(existsSync);
  if (unpacker === undefined)
    throw new UsageError(`--cifar ${path}: no ${UNPACKER}, which unpacks it, in ${folders.join(' or ')}`);
  return { packed, unpacker };
}
