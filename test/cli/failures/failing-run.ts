import { TorchExecutor } from '../../../src/executor/torch';
import { DIGITS, startWorker } from '../../builders';
import type { CommandLine } from '../dsptt';
import { type Case, FILES } from './failure-cases';

/** Put a file of another network, a damaged one, and one that is no safetensors file where a command line finds them. */
export async function writeBadFiles(cli: CommandLine): Promise<void> {
  const { worker } = await startWorker();
  const executor = await TorchExecutor.open(worker, DIGITS);
  await executor.newPoint('a', 'init');
  const file = await executor.savePoint('a', {});
  await worker.close();
  cli.write(FILES.other, file);
  cli.write(FILES.damaged, file.subarray(0, file.length - 100));
  cli.write(FILES.text, 'these are no tensors');
}

/** Run a case, and check what every failure has in common and what this one must say. */
export async function checkFailure(cli: CommandLine, given: Case): Promise<void> {
  const { code, stdout, stderr } = await cli.run(['run', '--preset=wine', '--quiet', given.args], given.env);
  for (const part of given.says) expect(stderr).toContain(part);
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2); // the sentence, and how to see the traceback
  expect({ code, stdout }).toEqual({ code: given.code, stdout: '' });
  expect(cli.left).toEqual({ runs: [], workers: [] });
}
