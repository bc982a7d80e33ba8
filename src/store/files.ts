import { existsSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Write a file whole or not at all: to a temporary name, synced, renamed. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(`${path}.part`, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.part`, path);
}

/** Write files, by name, into a directory, which is made where it does not exist. */
export async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  if (!existsSync(directory)) await makeDirectory(resolve(directory));
  for (const [name, content] of Object.entries(files)) await writeWhole(join(directory, name), content);
}

/** With its parents, one by one: Node's own recursive mkdir never returns where the system lets nothing be made (/proc). */
export async function makeDirectory(path: string): Promise<void> {
  if (!existsSync(dirname(path))) await makeDirectory(dirname(path));
  await mkdir(path);
}
