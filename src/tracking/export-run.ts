import { dsptt } from '../command-name';
import { curvesOf } from '../curves/read-curves';
import { UsageError } from '../errors';
import { readRun } from '../store/run-record';
import { searchLines, trainingLines } from './curves';
import { withReport } from './report-file';
import type { TrackerTarget } from './target';
import { firstLine, keepsFiles, lastLines } from './track-run';
import { Tracker } from './tracker';

/** Time that a tracker may take for a whole run: ten minutes. */
const PATIENCE_MS = 600_000;

/**
 * Sends a run, finished or not, to a tracker.
 * @throws DataError when there is no such run, or the tracker cannot be reached; UsageError for a run on a closed-form
 *   objective; ConfigError when a Python package is missing; InterruptedError when the signal is aborted
 */
export async function exportRun(directory: string, target: TrackerTarget, signal?: AbortSignal): Promise<void> {
  const record = await readRun(directory);
  if (record.kind === 'optima') {
    throw new UsageError(
      `${directory} holds a run on a closed-form objective, which has no curves: see \`${dsptt('report', directory)}\``,
    );
  }
  const { searches, descents } = await curvesOf(record);
  const curves = [
    ...descents.flatMap(trainingLines),
    ...searches.flatMap((search) => searchLines({ ...search, from: 0, path: [...search.path] })),
  ];
  const send = async (report: string | null) => {
    const lines = [
      firstLine(directory, record.config, false),
      ...curves,
      ...lastLines(directory, record.result, report),
    ];
    const tracker = new Tracker(target, { signal }); // started last: nothing before it can throw and leave it running
    await tracker.deliver(lines);
    await tracker.end(PATIENCE_MS);
  };
  await (keepsFiles(target) ? withReport(directory, send) : send(null));
}
