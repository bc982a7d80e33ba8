import path from 'node:path';
import type { RunEvent } from '../../../src/run/events';
import { Session } from '../../../src/run/session/session';
import { readResult } from '../../../src/store/run-directory';
import { temporaryDirectory, tinyConfig, usePlainPython } from '../../builders';
import { once, PLACES } from '../../run/durable/runs';
import { Ray } from './ray';

const CONFIG = tinyConfig({ budget: { steps: 400 }, threads: 1 });

/** Runs on a real Ray for the tests of a file, against an undisturbed run here. */
export class RunsOnRay {
  readonly ray: Ray;
  readonly directory = temporaryDirectory();
  readonly #before = process.env;
  #undisturbed: unknown;

  /** `describe`, or `describe.skip` with a printed reason where there is no Ray. */
  readonly describe: typeof describe;

  constructor() {
    usePlainPython();
    this.ray = new Ray();
    const missing = this.ray.install();
    if (missing !== undefined) console.warn(`the tests on a real Ray are skipped: ${missing}`);
    this.describe = missing === undefined ? describe : describe.skip;
  }

  /** Starts Ray before the tests of a suite, and ends it after them. */
  useRay(nodes: number): void {
    beforeAll(async () => {
      await this.ray.start(nodes);
      const session = await Session.start();
      await session.run(CONFIG, { out: path.join(this.directory, 'local') });
      await session.close();
      this.#undisturbed = await this.#result('local');
      process.env = { ...this.#before, ...this.ray.env };
    }, 300_000);
    afterAll(async () => {
      process.env = this.#before;
      await this.ray.stop();
    }, 60_000);
  }

  /** Performs a run there, acts once in its search, and compares its result. Returns the notices. */
  async disturbed(name: string, act: () => void, maxRestarts = 0): Promise<string[]> {
    const session = await Session.start({ on: 'ray', maxRestarts });
    const notices: string[] = [];
    const disturb = once(PLACES['the search'], act);
    const onEvent = (event: RunEvent) => {
      disturb(event);
      if (event.type === 'notice') notices.push(event.message);
    };
    const out = path.join(this.directory, name);
    await session.run(CONFIG, { out, checkpointMinutes: 1e-9, onEvent });
    await session.close();
    expect(await this.#result(name)).toEqual(this.#undisturbed);
    return notices;
  }

  async #result(name: string): Promise<unknown> {
    const { timings: _, ...result } = await readResult(path.join(this.directory, name));
    return result;
  }
}
