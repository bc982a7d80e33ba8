import path from 'node:path';
import { isRunning, temporaryDirectory, usePlainPython } from '../builders';
import { nothingIsLeft, own } from './own';

usePlainPython();

describe('the end of Node', () => {
  const temporary = temporaryDirectory();

  it('by SIGKILL ends the worker in the middle of a program and removes its directory', async () => {
    const { child, worker, ended } = await own(temporary);
    expect(isRunning(worker.pid)).toBe(true);
    expect(path.dirname(worker.directory)).toBe(temporary);
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL' });
    await nothingIsLeft(worker, temporary);
  });

  it('by an uncaught exception leaves no worker and no directory', async () => {
    const { worker, ended } = await own(temporary, 'throw');
    expect(await ended).toMatchObject({ code: 1, errors: expect.stringContaining('nobody catches this') });
    await nothingIsLeft(worker, temporary);
  });
});
