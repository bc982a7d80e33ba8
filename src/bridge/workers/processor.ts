import { WorkerError } from '../../errors';
import type { Answer } from '../wire/protocol';

/**
 * Checks the processor of a worker's place: CPUs of another kind round otherwise. Journals of earlier versions name none.
 * @param begun the processor that the run was begun on
 * @param device the device of its configuration
 * @throws WorkerError when the worker would compute the run on another one
 */
export function mustRoundAlike(begun: string | undefined, hello: Answer<'hello'>, device: string): void {
  const now = hello.versions.processor;
  const isOnCpu = device === 'cpu' || hello.devices.every((name) => name === 'cpu');
  if (!isOnCpu || begun === undefined || begun === now) return;
  throw new WorkerError(
    `the run was begun on ${begun}, and its worker was placed on ${now}, which rounds otherwise: ask for places of the first kind (srun -C, --ray-resources)`,
  );
}
