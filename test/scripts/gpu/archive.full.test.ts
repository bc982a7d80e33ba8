import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { writeArchive } from '../../../scripts/gpu/packing/archive';
import { ROOT, temporaryDirectory } from '../../builders';

const directory = temporaryDirectory();

it('a pack above 60 MiB is refused with its largest parts, and leaves no archive', async () => {
  const [stage, scratch] = ['dsptt-gpu', 'scratch'].map((name) => path.join(directory, name));
  for (const folder of ['package/node_modules', 'package/dist', 'package/scripts', 'package/python', 'acceptance'])
    fs.mkdirSync(path.join(stage, folder), { recursive: true });
  fs.mkdirSync(scratch);
  for (const file of ['node.xz', 'package/src', 'package/package.json', 'package/LICENSE', 'accept', 'pack.json'])
    fs.writeFileSync(path.join(stage, file), '');
  fs.mkdirSync(path.join(stage, 'wheels'));
  fs.writeFileSync(path.join(stage, 'wheels', 'large.whl'), randomBytes(62 * 2 ** 20));
  const out = path.join(directory, 'pack.tar.gz');
  const place = { root: ROOT, stage, scratch, python: '3.12', cifar: null };
  await expect(writeArchive(place, out)).rejects.toThrow(/above 60.0 MiB; the largest parts: wheels 62\.\d MiB, /);
  expect(fs.existsSync(out)).toBe(false);
});
