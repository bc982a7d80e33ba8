import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WorkerError } from '../../errors';
import { answerIn } from './answer';
import { programArguments, pythonEnvironment } from './python';

const PROBE_MS = 20_000; // generous, for slow disks: it imports nothing of ours and takes about 50 ms

/**
 * Asks an interpreter about itself (`python/probe.py`): `missing MODULE...` or `versions PACKAGE...`.
 * @throws WorkerError when it answers nothing; the error of Node when it cannot be started, or ends with another code
 */
export async function probe(python: string, question: readonly string[]): Promise<unknown> {
  const { stdout, stderr } = await promisify(execFile)(python, programArguments('probe', question), {
    env: pythonEnvironment(),
    timeout: PROBE_MS,
  });
  const answer = answerIn(stdout);
  if (answer !== undefined) return answer;
  const last = `${stdout}${stderr}`.trim().split('\n').at(-1);
  throw new WorkerError(`it is no Python${last && `; it said: ${last}`}`);
}
