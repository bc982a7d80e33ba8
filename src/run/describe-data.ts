import { isDeepStrictEqual } from 'node:util';
import { DataError } from '../errors';
import { KEPT_SPLITS, readOutputs } from '../store/outputs';
import { RunDirectory, readResult } from '../store/run-directory';
import type { OpenOptions } from './options';
import { originOf } from './origin';
import { placesIn, storedConfig } from './places';
import { mustBeTrusted, type ResumeRequest } from './resume';
import { samplesOf } from './samples';
import { Session } from './session/session';

/**
 * Writes data.json for a finished run without one, as earlier versions wrote none. It opens the data set again and
 * trains nothing.
 * @throws DataError when the data are not those of the run; UsageError when its model is code that is not trusted;
 *   WorkerError when no worker can start
 */
export async function describeData(path: string, request: ResumeRequest = {}): Promise<void> {
  const { signal, onEvent = () => {} } = request;
  const config = await storedConfig(path, request);
  mustBeTrusted(path, config, request);
  const result = await readResult(path);
  const places = await placesIn(path, originOf(result), request.worker !== undefined);
  const session = await Session.start(request);
  try {
    const onDownload: OpenOptions['onDownload'] = (progress) => onEvent({ type: 'download', ...progress });
    const executor = await session.open(config, { signal, onDownload, places });
    const { samplesSha256 = executor.task.samplesSha256 } = result;
    const isAnother = samplesSha256 !== executor.task.samplesSha256;
    for (const split of KEPT_SPLITS) {
      const kept = await readOutputs(path, split, []);
      if (isAnother || (kept !== null && !isDeepStrictEqual(kept.targets, await executor.targets(split)))) {
        throw new DataError(
          `the ${split} data are not those that ${path} was made with: name their folder by --data-dir`,
        );
      }
    }
    const directory = await RunDirectory.open(path);
    await directory.saveSamples(samplesOf(config, executor.task, await executor.rawSamples()));
  } finally {
    await session.close();
  }
}
