import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigInput, type Result, resolveConfig, Session } from '../../src';
import { HEADER, measure } from './row';

/** A configuration over a common base, and its title in tables. */
export interface Setting {
  readonly title: string;
  readonly config: ConfigInput;
}

/**
 * Runs every setting with every seed, and writes a row a run to a file after each setting.
 * @param last configuration that overrides base and settings, such as a smaller budget
 */
export async function runAll(
  file: string,
  base: ConfigInput,
  settings: readonly Setting[],
  seeds: readonly number[],
  last: ConfigInput = {},
): Promise<void> {
  const rows: string[] = [HEADER];
  const session = await Session.start();
  const folder = mkdtempSync(join(tmpdir(), 'results-'));
  try {
    for (const { title, config } of settings) {
      for (const seed of seeds) {
        const resolved = resolveConfig([
          { from: 'the base', values: base },
          { from: title, values: { ...config, seed } },
          { from: 'the last word', values: last },
        ]);
        const result: Result = await session.run(resolved, { out: join(folder, String(rows.length)) });
        rows.push(JSON.stringify(measure(title, result)));
      }
      writeFileSync(file, `${rows.join('\n')}\n`);
      console.error(`${rows.length - 1} of ${settings.length * seeds.length} runs: ${title}`);
    }
  } finally {
    await session.close();
    rmSync(folder, { recursive: true });
  }
}
