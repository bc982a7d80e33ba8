import { type ChildProcess, spawn } from 'node:child_process';
import { InterruptedError, WorkerError } from '../../errors';
import { workerError } from '../wire/link';
import { replyError } from '../wire/reply';
import { pythonPath } from './local-launcher';
import { findPython } from './python';

const KEPT_OUTPUT = 64 * 1024;

/** A `python -m dsptt` that was started, as a child that leaves with this process. */
export interface PythonProgram {
  /** Its standard input. */
  readonly input: NodeJS.WritableStream & { readonly writableLength: number };
  /**
   * What it said, from the line of JSON that it prints at its end.
   * @throws ConfigError, DataError or WorkerError, with the Python traceback, as it says
   */
  readonly said: Promise<unknown>;
  /** End it at once. */
  readonly kill: () => void;
}

/** Start `python -m dsptt` with some arguments. @throws WorkerError when there is no Python */
export function startPythonProgram(args: readonly string[]): PythonProgram {
  const python = findPython();
  const child = spawn(python, ['-m', 'dsptt', '--for-node', ...args], {
    env: { ...process.env, PYTHONPATH: pythonPath(), PYTHONUNBUFFERED: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // a session of its own: Ctrl-C in a terminal reaches Node alone
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.stdin.on('error', () => {}); // EPIPE of a child that ended: its exit is what is reported
  const said = ended(child).then(({ code, stdout, stderr }) => {
    process.removeListener('exit', kill);
    if (code !== 0) throw failure(python, code, stderr);
    return parsed(lastLine(stdout));
  });
  said.catch(() => {}); // whoever asks later is told
  return { input: child.stdin, said, kill };
}

/**
 * Run `python -m dsptt` with some arguments until it ends.
 * @throws as `PythonProgram.said`; InterruptedError when the signal is aborted
 */
export async function runPythonProgram(args: readonly string[], signal?: AbortSignal): Promise<unknown> {
  if (signal?.aborted) throw new InterruptedError('the command was interrupted');
  const { said, kill } = startPythonProgram(args);
  signal?.addEventListener('abort', kill);
  try {
    return await said;
  } catch (error) {
    throw signal?.aborted ? new InterruptedError('the command was interrupted', { cause: error }) : error;
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout = (stdout + text).slice(-KEPT_OUTPUT);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_OUTPUT);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, stdout, stderr: String(error) }));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function failure(python: string, code: number | null, stderr: string): Error {
  const reported = replyError.safeParse(parsed(lastLine(stderr)));
  if (reported.success) return workerError(reported.data);
  return new WorkerError(`${python} -m dsptt ended with ${code ?? 'no exit code'}: ${stderr.trim().slice(-2000)}`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
