import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFiles } from '../store/files';

/** Charts take a second to load: at the moment of need. */
const page = (): typeof import('../report/page') => require('../report/page');
const runs = (): typeof import('../report/read-runs') => require('../report/read-runs');

/** Make the page of a run, let something be done with the file, and remove it. */
export async function withReport<T>(directory: string, use: (file: string) => Promise<T>): Promise<T> {
  const { composeReport, reportHtml } = page();
  const report = composeReport({ ...(await runs().reportRuns([directory])), title: undefined });
  const folder = await mkdtemp(join(tmpdir(), 'dsptt-report-'));
  try {
    await writeFiles(folder, { 'report.html': await reportHtml(report) });
    return await use(join(folder, 'report.html'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
