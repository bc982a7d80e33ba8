import fs from 'node:fs';
import path from 'node:path';
import type { Config } from '../src/config/schema';
import type { SessionOptions } from '../src/run/options';
import { Session } from '../src/run/session/session';
import type { Result } from '../src/store/result';

/** What a run leaves that must be the same whenever its seed is: result.json without its timings, and all other files. */
export interface Remains {
  readonly result: Omit<Result, 'timings'>;
  readonly files: Readonly<Record<string, Buffer>>;
}

/** Run configurations in one worker, with these programs on the wire. */
export async function remainsOf(
  configs: readonly Config[],
  directory: string,
  options: SessionOptions,
): Promise<Remains[]> {
  const session = await Session.start(options);
  try {
    const remains: Remains[] = [];
    for (const config of configs) {
      const out = fs.mkdtempSync(path.join(directory, 'run-'));
      fs.rmdirSync(out);
      const { timings: _, ...result } = await session.run(config, { out });
      const names = fs.readdirSync(out, { recursive: true, encoding: 'utf8' }).sort();
      const kept = names.filter((name) => /\.(safetensors|csv)$|^config\.json$/.test(name));
      const files = Object.fromEntries(kept.map((name) => [name, fs.readFileSync(path.join(out, name))]));
      remains.push({ result, files });
    }
    return remains;
  } finally {
    await session.close();
  }
}
