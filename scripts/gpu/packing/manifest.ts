import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../../../src/version';
import { NODE } from './node';
import type { Place } from './place';

/** pack.json: what the pack was made from, for its report. */
export function addManifest({ root, stage, python, cifar }: Place): void {
  const manifest = {
    schema: 1,
    version: VERSION,
    ...commitOf(root),
    node: NODE.version,
    python,
    wheels: readdirSync(join(stage, 'wheels')).sort(),
    cifar: cifar !== null,
  };
  writeFileSync(join(stage, 'pack.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Null where this is no checkout. */
function commitOf(root: string): { commit: string | null; changed: boolean } {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return { commit: git('rev-parse', 'HEAD'), changed: git('status', '--porcelain') !== '' };
  } catch {
    return { commit: null, changed: false };
  }
}
