/**
 * A program for tests: runs scripts (a JSON array of arrays on standard input: file, arguments) in one process, each once
 * the one before has nothing left to do, which saves compiling what they share; ends with the first failure's exit code.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const left = z.array(z.array(z.string()).min(1)).parse(JSON.parse(readFileSync(0, 'utf8')));

function next(): void {
  const [script] = left;
  if (script === undefined || process.exitCode) return;
  left.shift();
  setImmediate(() => {
    // a script that waits for nothing would else be the last one
    process.argv = [process.argv[0], ...script];
    delete require.cache[require.resolve(script[0])];
    require(script[0]);
  });
}

process.on('beforeExit', next);
