import { spawn } from 'node:child_process';
import { resolveConfig } from '../src/config/resolve';
import { METHODS } from '../src/methods';
import { temporaryDirectory } from './builders';
import { remainsOf } from './sameness';
import { atLength } from './soak';

/** A process that keeps one core busy, until it is ended. */
function load(): () => void {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  return () => child.kill('SIGKILL');
}

describe('the digits preset with its whole budget', () => {
  const directory = temporaryDirectory();

  it.each(atLength(['dsp-tt'], Object.keys(METHODS)))(
    'gives the same result and files for %s on a busy machine, whatever the window and the chunks',
    async (method) => {
      const configs = [0, 1].map((seed) =>
        resolveConfig([{ from: 'test', values: { preset: 'digits', method, seed } }]),
      );
      const quiet = await remainsOf(configs, directory, {});
      const ends = [load(), load()];
      try {
        for (const options of [
          { window: 1, chunk: 1 },
          { window: 3, chunk: 1000 },
        ]) {
          expect(await remainsOf(configs.slice(0, 1), directory, options)).toEqual(quiet.slice(0, 1));
        }
      } finally {
        for (const end of ends) end();
      }
      expect(quiet[0].result.members[0].sha256).not.toBe(quiet[1].result.members[0].sha256);
    },
    900_000,
  );
});
