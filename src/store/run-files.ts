import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A file of a run that is worth keeping elsewhere, and the folder into which it belongs. */
export interface RunFile {
  readonly artifact: string;
  readonly folder: string | null;
}

/** Lists the files that describe a run: settings, result and traces, but neither its networks nor its journal. */
export function artifactLines(directory: string): RunFile[] {
  const traces = join(directory, 'traces');
  const names = existsSync(traces) ? readdirSync(traces).filter((name) => name.endsWith('.csv')) : [];
  return [
    ...['config.json', 'data.json', 'result.json']
      .filter((name) => existsSync(join(directory, name)))
      .map((name) => ({ artifact: resolve(directory, name), folder: null })),
    ...names.sort().map((name) => ({ artifact: resolve(traces, name), folder: 'traces' })),
  ];
}
