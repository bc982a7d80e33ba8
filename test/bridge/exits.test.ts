import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { isRunning, ROOT, temporaryDirectory, until, workerDirectories } from '../builders';

const started = z.object({ pid: z.int().positive(), directory: z.string() });

interface Owner {
  readonly child: ChildProcess;
  readonly worker: z.infer<typeof started>;
  readonly ended: Promise<{ code: number | null; signal: string | null; errors: string }>;
}

/** Start `worker-owner.ts`, and wait until its worker is in the middle of a long program. */
async function own(temporary: string, ending = 'wait'): Promise<Owner> {
  const script = path.join(__dirname, 'worker-owner.ts');
  const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', script, ending], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const ended = new Promise<Awaited<Owner['ended']>>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, errors })),
  );
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, worker: started.parse(JSON.parse(line)), ended };
  }
  throw new Error(`the owner ended without starting a worker: ${errors}`);
}

async function nothingIsLeft({ pid, directory }: Owner['worker'], temporary: string): Promise<void> {
  await until(() => !isRunning(pid));
  await until(() => !fs.existsSync(directory));
  expect(workerDirectories(temporary)).toEqual([]);
}

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
