import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { findPython, PACKAGE_ROOT } from '../../src/bridge/workers/python';

/** A Python script of `python/` that reads one JSON command a line and answers one JSON line each. */
export class PythonSide {
  readonly #child;
  readonly #lines;

  constructor(script: string) {
    this.#child = spawn(findPython(), [join(__dirname, 'python', script)], {
      env: { ...process.env, PYTHONPATH: join(PACKAGE_ROOT, 'python'), OMP_NUM_THREADS: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#child.stdout });
  }

  /**
   * Sends a command and returns its answer.
   * @throws Error if the script ends instead of answering; its output is on standard error
   */
  async ask<T>(command: object, answer: z.ZodType<T>): Promise<T> {
    const waiting = new AbortController();
    const { signal } = waiting;
    const ended = once(this.#child, 'exit', { signal }).then(([code]) => {
      throw new Error(`${this.#child.spawnargs.at(-1)} ended with ${code}`);
    });
    const line = once(this.#lines, 'line', { signal });
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    try {
      const [text] = await Promise.race([line, ended]);
      return answer.parse(JSON.parse(String(text)));
    } finally {
      waiting.abort();
      await Promise.allSettled([line, ended]);
    }
  }

  /** Closes its input, which ends it. */
  async end(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await ended;
  }
}
