import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { PythoniaLauncher } from '../../../src/bridge/pythonia/launcher';
import { findPython } from '../../../src/bridge/workers/python';
import { WorkerError } from '../../../src/errors';
import { failureOf, temporaryDirectory } from '../../builders';

describe('a Python that cannot host a worker', () => {
  const directory = temporaryDirectory();
  const failureWith = (python: string) =>
    failureOf(new PythoniaLauncher((from) => from('torch.nn'), { python }).start());

  it('is reported by its path when it is not there', async () => {
    const error = await failureWith('/nowhere/python');
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toMatch(/^the Python \/nowhere\/python cannot be used \(.*ENOENT.*npm run setup/);
  });

  it('is reported with the modules that it misses', async () => {
    const empty = path.join(directory, 'empty');
    execFileSync(findPython(), ['-m', 'venv', '--without-pip', empty]);
    const error = await failureWith(path.join(empty, 'bin', 'python'));
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toMatch(/has no module 'torch', 'numpy', .*DSPTT_PYTHON/);
  });

  it('is reported with what it said when it is no Python', async () => {
    const script = path.join(directory, 'leaves');
    fs.writeFileSync(script, '#!/bin/sh\necho no python here >&2; exit 3\n', { mode: 0o755 });
    const error = await failureWith(script);
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toContain('no python here');
  });
});
