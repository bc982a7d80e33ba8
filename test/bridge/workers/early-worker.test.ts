import fs from 'node:fs';
import path from 'node:path';
import { EarlyLauncher, endEarly, startEarly } from '../../../src/bridge/workers/early-worker';
import type { WorkerHandle } from '../../../src/bridge/workers/launcher';
import { LocalLauncher } from '../../../src/bridge/workers/local-launcher';
import { main } from '../../../src/cli/main';
import { temporaryDirectory } from '../../builders';

const temporary = temporaryDirectory();
const before = process.env.DSPTT_PYTHON;

/** An interpreter that does nothing until its standard input ends. */
function waitingPython(): string {
  const file = path.join(temporary, 'python');
  fs.writeFileSync(file, '#!/bin/sh\nexec cat >/dev/null\n', { mode: 0o755 });
  return file;
}

let starts: jest.SpyInstance<Promise<WorkerHandle>>;
beforeEach(() => {
  process.env.DSPTT_PYTHON = waitingPython();
  starts = jest.spyOn(LocalLauncher.prototype, 'start');
});
afterEach(() => starts.mockRestore());
afterAll(() => {
  if (before === undefined) delete process.env.DSPTT_PYTHON;
  else process.env.DSPTT_PYTHON = before;
});

/** All that were started, once they have ended; whether their files are still there. */
async function ended(): Promise<boolean[]> {
  const handles = await Promise.all(starts.mock.results.map(({ value }) => value));
  await Promise.all(handles.map(({ exited }) => exited));
  return handles.map(({ work }) => fs.existsSync(path.dirname(work.replace('ipc://', ''))));
}

describe('a worker that is started early', () => {
  it('is what the next session gets, which starts another one after that', async () => {
    await startEarly();
    const launcher = new EarlyLauncher();
    const first = await launcher.start();
    expect(starts).toHaveBeenCalledTimes(1);
    const second = await launcher.start();
    expect(starts).toHaveBeenCalledTimes(2);
    expect(first.description).not.toBe(second.description);
    await Promise.all([first.stop(5000), second.stop(5000)]);
  });

  it('is left to who has taken it', async () => {
    await startEarly();
    const taken = await new EarlyLauncher().start();
    await endEarly();
    expect(fs.existsSync(path.dirname(taken.work.replace('ipc://', '')))).toBe(true);
    await taken.stop(5000);
  });

  it('is ended where nobody takes it', async () => {
    await startEarly();
    await endEarly();
    expect(await ended()).toEqual([false]);
  });

  it('listens to signals only as long as nobody else does', async () => {
    const listeners = process.listenerCount('SIGINT');
    await startEarly();
    expect(process.listenerCount('SIGINT')).toBe(listeners + 1);
    await endEarly();
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });

  it('does not survive a wrong configuration, which ends as if there were none', async () => {
    const said: string[] = [];
    const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    const code = await main(['run', '--preset', 'digits', '--set', 'batchSize=-1']).finally(() => spy.mockRestore());
    expect([code, said.join('')]).toEqual([2, expect.stringMatching(/ConfigError.*batchSize/)]);
    expect(await ended()).toEqual([false]);
  });

  it('leaves it to the session to say why it did not start', async () => {
    process.env.DSPTT_PYTHON = '/nowhere/python';
    await startEarly();
    await endEarly();
    expect(() => new EarlyLauncher()).toThrow(/DSPTT_PYTHON is \/nowhere\/python/);
  });
});
