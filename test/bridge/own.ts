import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { isRunning, REGISTER, ROOT, until, workerDirectories } from '../builders';

const started = z.object({ pid: z.int().positive(), directory: z.string() });

export interface Owner {
  readonly child: ChildProcess;
  readonly worker: z.infer<typeof started>;
  readonly ended: Promise<{ code: number | null; signal: string | null; errors: string }>;
}

/** Start `worker-owner.ts`, and wait until its worker is in the middle of a long program. */
export async function own(temporary: string, ending = 'wait'): Promise<Owner> {
  const script = path.join(__dirname, 'worker-owner.ts');
  const child = spawn(process.execPath, ['-r', REGISTER, script, ending], {
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

export async function nothingIsLeft({ pid, directory }: Owner['worker'], temporary: string): Promise<void> {
  await until(() => !isRunning(pid));
  await until(() => !fs.existsSync(directory));
  expect(workerDirectories(temporary)).toEqual([]);
}
