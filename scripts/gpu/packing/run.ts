import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { DspttError } from '../../../src/errors';

const LAST_LINES = 15;
const ended = z.object({ stdout: z.string(), stderr: z.string() });
const missing = z.object({ code: z.literal('ENOENT') });

/**
 * Run a program to its end and answer what it printed on standard output.
 * @throws DspttError with the end of its output where it fails, and `remedy`: what to do then
 */
export async function run(command: string, args: readonly string[], cwd: string, remedy: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, [...args], { cwd, maxBuffer: 2 ** 28 });
    return stdout;
  } catch (cause) {
    if (missing.safeParse(cause).success) throw new DspttError(`${command} is not installed: ${remedy}`, { cause });
    const printed = ended.safeParse(cause);
    const output = printed.success ? `${printed.data.stdout}\n${printed.data.stderr}`.trim() : String(cause);
    const lines = output.split('\n').slice(-LAST_LINES).join('\n');
    throw new DspttError(`"${command} ${args.join(' ')}" failed: ${remedy}\n${lines}`, { cause });
  }
}
