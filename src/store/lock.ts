import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../errors';
import { makeDirectory } from './files';

/**
 * Hold a directory for this process while work goes on in it, so that no second one takes its unfinished runs for left
 * over. A lock whose process is gone counts for nothing.
 * @throws UsageError when another process holds it
 */
export async function holding<T>(directory: string, work: () => Promise<T>): Promise<T> {
  if (!existsSync(directory)) await makeDirectory(resolve(directory));
  const file = join(directory, '.lock');
  take(file, directory);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string, directory: string): void {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const holder = Number(readFileSync(file, 'utf8'));
    if (isRunning(holder)) {
      throw new UsageError(
        `process ${holder} works in ${directory}: wait for it, or name another directory with --out`,
      );
    }
    rmSync(file);
    take(file, directory);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // another user's
  }
}
