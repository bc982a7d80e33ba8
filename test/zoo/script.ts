import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { REGISTER, ROOT } from '../builders';

/** How a script ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedScript {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** The first line that it prints on standard output. */
  readonly firstLine: Promise<string>;
}

/** Start a script of this folder as a user would: a process of its own, with sockets under `temporary`. */
export function startScript(
  name: string,
  temporary: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): StartedScript {
  const child = spawn(process.execPath, ['-r', REGISTER, path.join(__dirname, name), ...args], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
    child.once('close', () => reject(new Error(`the script ended without printing a line: ${stderr}`)));
  });
  firstLine.catch(() => {}); // not every test waits for it
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return { child, ended, firstLine };
}

/** What a script printed, as JSON; fails with its standard error where it did not end well. */
export async function answerOf({ ended }: StartedScript): Promise<unknown> {
  const { code, stdout, stderr } = await ended;
  if (code !== 0) throw new Error(`the script ended with exit code ${code}: ${stderr}`);
  return JSON.parse(stdout);
}
