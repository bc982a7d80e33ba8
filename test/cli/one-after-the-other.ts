/**
 * A program for tests: runs command lines (a JSON array of arrays on standard input) one after the other in one process,
 * which saves their start-up, and separates what they print by lines of `=== EXIT CODE`.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { main } from '../../src/cli/main';

async function runAll(lines: readonly (readonly string[])[]): Promise<void> {
  for (const args of lines) {
    const code = await main(args);
    process.stdout.write(`=== ${code}\n`);
    process.stderr.write(`=== ${code}\n`);
  }
}

void runAll(z.array(z.array(z.string())).parse(JSON.parse(readFileSync(0, 'utf8'))));
