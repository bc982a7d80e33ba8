import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Files of a finished run: the SHA-256 of each, without the journal, and of its result without timings. */
export type Left = ReadonlyMap<string, string>;

/** Reads a run directory. The journal may differ: it records restarts, and repeated commands. */
export function leftIn(run: string): Left {
  const names = readdirSync(run, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(run.length + 1))
    .filter((name) => !/^journal\.(jsonl|f4|f8|i4|u1)$/.test(name));
  return new Map(names.sort().map((name) => [name, hash(contentOf(run, name))]));
}

/** Returns each difference, as a sentence. */
export function differences(left: Left, truth: Left): string[] {
  const names = [...new Set([...left.keys(), ...truth.keys()])];
  return names.flatMap((name) => {
    if (!truth.has(name)) return [`${name} should not be there`];
    if (!left.has(name)) return [`${name} is missing`];
    return left.get(name) === truth.get(name) ? [] : [`${name} differs from the undisturbed run's`];
  });
}

function contentOf(run: string, name: string): string | Buffer {
  const bytes = readFileSync(join(run, name));
  if (name !== 'result.json') return bytes;
  const { timings: _, ...rest } = z.record(z.string(), z.unknown()).parse(JSON.parse(bytes.toString()));
  return JSON.stringify(rest);
}

function hash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
