import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFiles } from '../store/disk/files';

/** Loaded on demand: charts take a second to load. */
const page = (): typeof import('../report/page') => require('../report/page');
const runs = (): typeof import('../report/read-runs') => require('../report/read-runs');

/** Writes the report page of a run to a temporary file, calls `use` with its path, and removes it. */
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
