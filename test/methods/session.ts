import fs from 'node:fs';
import path from 'node:path';
import type { Config, ConfigInput } from '../../src/config/schema';
import type { RunEvent } from '../../src/run/events';
import type { RunOptions } from '../../src/run/options';
import { Session } from '../../src/run/session/session';
import type { Result } from '../../src/store/result';
import { temporaryDirectory, tinyConfig } from '../builders';

/** What a run answered, where it wrote, and the events that it told of. */
export interface Ran {
  readonly result: Result;
  readonly config: Config;
  readonly out: string;
  readonly events: readonly RunEvent[];
  /** Steps that the executor made, counted from its progress. */
  readonly steps: number;
}

/** One worker for the tests of a file, and runs on it in directories of their own. */
export class TestSession {
  readonly directory = temporaryDirectory();
  #session: Session | undefined;
  #runs = 0;

  constructor() {
    beforeAll(async () => {
      this.#session = await Session.start();
    });
    afterAll(() => this.#session?.close());
  }

  /** Run a method on wine with a tiny budget, or what `values` say. */
  async run(values: ConfigInput, options: Partial<Omit<RunOptions, 'out'>> = {}): Promise<Ran> {
    if (this.#session === undefined) throw new Error('runs belong in tests');
    this.#runs += 1;
    const out = path.join(this.directory, `run${this.#runs}`);
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent) => {
      events.push(event);
      options.onEvent?.(event);
    };
    const config = tinyConfig(values);
    const result = await this.#session.run(config, { ...options, out, onEvent });
    return { result, config, out, events, steps: stepsOf(events) };
  }

  /** The run directories that exist. */
  get left(): string[] {
    return fs.readdirSync(this.directory);
  }
}

/** Steps that the executor reported. */
export function stepsOf(events: readonly RunEvent[]): number {
  return events.reduce((sum, event) => sum + (event.type === 'progress' ? event.steps : 0), 0);
}

/** The bytes of a member's file. */
export function memberFile({ out }: Ran, name: string): Uint8Array {
  return fs.readFileSync(path.join(out, 'members', `${name}.safetensors`));
}

/** A trace's rows, each by column name. */
export function trace({ out }: Ran, name: string): Record<string, string>[] {
  const [head, ...rows] = fs
    .readFileSync(path.join(out, 'traces', `${name}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
  const columns = head.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((value, k) => [columns[k], value])));
}
