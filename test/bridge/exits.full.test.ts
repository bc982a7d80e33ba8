import fs from 'node:fs';
import path from 'node:path';
import { temporaryDirectory, usePlainPython } from '../builders';
import { nothingIsLeft, own } from './own';

usePlainPython();

describe('the end of Node', () => {
  const temporary = temporaryDirectory();

  it('by process.exit leaves no worker and no directory', async () => {
    const { worker, ended } = await own(temporary, 'exit');
    expect(await ended).toMatchObject({ code: 3 });
    await nothingIsLeft(worker, temporary);
  });

  it('by SIGTERM, which it does not handle, leaves no worker and no directory', async () => {
    const { child, worker, ended } = await own(temporary);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ signal: 'SIGTERM' });
    await nothingIsLeft(worker, temporary);
  });
});

describe('a temporary directory with a path too long for sockets', () => {
  const temporary = path.join(temporaryDirectory(), 'a-very-long-name-'.repeat(8));

  it('makes the sockets lie in /tmp instead', async () => {
    fs.mkdirSync(temporary);
    const { worker, ended } = await own(temporary, 'exit');
    expect(path.dirname(worker.directory)).toBe('/tmp');
    await ended;
    await nothingIsLeft(worker, temporary);
  });
});
