import fs from 'node:fs';
import path from 'node:path';
import { findPython } from '../../../src/bridge/workers/python';
import { processes, temporaryDirectory } from '../../builders';

/** A pool of workers without Ray (plays-pool.js). */
interface Lacks {
  readonly places?: number;
  readonly refused?: string;
  readonly garbage?: boolean;
  readonly auth?: 'token' | 'disabled';
  /** True if every place is lost before its worker listens. */
  readonly lost?: boolean;
}

/** Lets the Python of this test file start a false pool in place of that on Ray. */
export class FakePool {
  readonly #directory = temporaryDirectory();
  readonly #python = findPython();

  /** Variables of the environment that put it in place. */
  get env(): { DSPTT_PYTHON: string; FAKE_POOL: string } {
    const DSPTT_PYTHON = path.join(this.#directory, 'python');
    return { DSPTT_PYTHON, FAKE_POOL: path.join(this.#directory, 'fake.json') };
  }

  install(lacks: Lacks = {}): void {
    const { DSPTT_PYTHON, FAKE_POOL } = this.env;
    const fake = `exec '${process.execPath}' '${path.join(__dirname, 'plays-pool.js')}'`;
    const script = `#!/bin/sh\ncase "$2" in dsptt_pool) ${fake};; esac\nexec '${this.#python}' "$@"\n`;
    fs.writeFileSync(DSPTT_PYTHON, script, { mode: 0o755 });
    fs.writeFileSync(FAKE_POOL, JSON.stringify(lacks));
    Object.assign(process.env, this.env);
  }

  /** Puts the Python of before back. */
  remove(): void {
    process.env.DSPTT_PYTHON = this.#python;
  }
}

/** The false pools that this process has started and that still run. */
export function fakePools(): number[] {
  return processes()
    .filter(({ parent, command }) => parent === process.pid && command.includes('plays-pool.js'))
    .map(({ pid }) => pid);
}
