import { type ChildProcess, spawn } from 'node:child_process';
import { InterruptedError, WorkerError } from '../../errors';
import { workerError } from '../wire/link';
import { replyError } from '../wire/reply';
import { answerIn } from './answer';
import { findPython, programArguments, pythonEnvironment } from './python';

const KEPT_OUTPUT = 64 * 1024;

/** A running `python -m dsptt`, a child that ends with this process. */
export interface PythonProgram {
  /** Standard input of the program. */
  readonly input: NodeJS.WritableStream & { readonly writableLength: number };
  /**
   * Resolves to the JSON value that it answers. What a network prints goes to its standard error.
   * @throws ConfigError, DataError or WorkerError, with the Python traceback, as the program reports; WorkerError when
   *   it ends without an answer
   */
  readonly said: Promise<unknown>;
  /** Kills the program. */
  readonly kill: () => void;
}

/** Starts `python -m dsptt` with arguments. @throws WorkerError when there is no Python */
export function startPythonProgram(args: readonly string[]): PythonProgram {
  const python = findPython();
  const child = spawn(python, programArguments('dsptt', ['--for-node', ...args]), {
    env: pythonEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // a separate session, so that Ctrl-C in a terminal reaches only Node
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.stdin.on('error', () => {}); // EPIPE of a dead child: its exit is reported instead
  const said = ended(child).then(({ code, stdout, stderr }) => {
    process.removeListener('exit', kill);
    const answer = answerIn(stdout);
    if (code !== 0 || answer === undefined) throw failure(python, code, answer, stderr);
    return answer;
  });
  said.catch(() => {}); // the error is still thrown to callers that await `said` later
  return { input: child.stdin, said, kill };
}

/**
 * Runs `python -m dsptt` with arguments until it ends, and returns the JSON value that it answers.
 * @throws like `PythonProgram.said`; InterruptedError when the signal is aborted
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

function failure(python: string, code: number | null, answer: unknown, stderr: string): Error {
  const reported = replyError.safeParse(answer);
  if (reported.success) return workerError(reported.data);
  return new WorkerError(`${python} -m dsptt ended with ${code ?? 'no exit code'}: ${stderr.trim().slice(-2000)}`);
}
