import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { findPython } from '../../../src/bridge/python';
import { processes, ROOT } from '../../builders';

/** report.json of an acceptance. */
export const reportSchema = z.strictObject({
  schema: z.literal(1),
  pack: z.looseObject({ version: z.string(), node: z.string(), python: z.string(), cifar: z.boolean() }),
  device: z.enum(['cuda', 'cpu']),
  smoke: z.boolean(),
  minutes: z.number().positive(),
  started: z.iso.datetime({ offset: true }),
  ended: z.iso.datetime({ offset: true }).nullable(),
  running: z.string().nullable(),
  steps: z.array(
    z.strictObject({
      name: z.string(),
      shows: z.string(),
      status: z.enum(['passed', 'failed', 'skipped']),
      seconds: z.number().nonnegative(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type Report = z.infer<typeof reportSchema>;

/** Run `scripts/gpu/pack` for the Python that tests have, and answer what it printed. */
export function pack(args: readonly string[]): string {
  const asked = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const version = execFileSync(findPython(), ['-c', asked], { encoding: 'utf8' }).trim();
  return execFileSync(path.join(ROOT, 'scripts', 'gpu', 'pack'), [...args, '--python', version], { encoding: 'utf8' });
}

/** A pack unpacked into a folder, on a machine that has no Node and nothing else of ours. */
export class Unpacked {
  readonly folder: string;
  readonly temporary: string;

  constructor(archive: string, directory: string) {
    this.folder = path.join(directory, 'dsptt-gpu');
    this.temporary = path.join(directory, 'tmp');
    fs.mkdirSync(this.temporary, { recursive: true });
    execFileSync('tar', ['xzf', archive, '-C', directory]);
  }

  /** Start `accept OUT --device cpu --smoke` with an environment that holds only a PATH and the Python with torch. */
  start(out: string, args: readonly string[] = []): { child: ChildProcess; ended: Promise<number | null> } {
    const child = spawn(path.join(this.folder, 'accept'), [out, '--device', 'cpu', '--smoke', ...args], {
      cwd: this.temporary,
      env: { PATH: '/usr/bin:/bin', DSPTT_PYTHON: findPython(), TMPDIR: this.temporary },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
  }

  /** Run it to its end. */
  async accept(out: string, args: readonly string[] = []): Promise<{ code: number | null; report: Report }> {
    const code = await this.start(out, args).ended;
    return { code, report: readReport(out) };
  }

  /** What runs of programs in, or for, this folder. */
  running(): string[] {
    const commands = processes().map(({ command }) => command);
    return commands.filter((command) => command.includes(path.dirname(this.folder)));
  }
}

export function readReport(out: string): Report {
  return reportSchema.parse(JSON.parse(fs.readFileSync(path.join(out, 'report.json'), 'utf8')));
}
