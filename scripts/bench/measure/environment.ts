import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { z } from 'zod';
import { findPython, PACKAGE_ROOT } from '../../../src/bridge/workers/python';
import { VERSION } from '../../../src/version';

/** Machine, versions and date of a run of benches. */
export const environmentSchema = z.strictObject({
  date: z.string(),
  /** Commit; null outside a git checkout; `-dirty` if files had changed since. */
  commit: z.string().nullable(),
  machine: z.strictObject({ cpu: z.string(), cores: z.int(), memoryGiB: z.number(), system: z.string() }),
  versions: z.record(z.string(), z.string()),
  device: z.string(),
  torchThreads: z.int(),
});
export type Environment = z.infer<typeof environmentSchema>;

export function environment(device: string): Environment {
  const torch = execFileSync(findPython(), [
    '-c',
    'import sys, torch; print(sys.version.split()[0], torch.__version__)',
  ]);
  const [python, torchVersion] = torch.toString().trim().split(' ');
  return {
    date: new Date().toISOString(),
    commit: commit(),
    machine: {
      cpu: cpus()[0].model,
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      system: `${type()} ${release()}`,
    },
    versions: { dsptt: VERSION, node: process.versions.node, python, torch: torchVersion },
    device,
    torchThreads: 1,
  };
}

function commit(): string | null {
  try {
    const described = execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=7'], {
      cwd: PACKAGE_ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return described.toString().trim();
  } catch {
    return null; // an installed package
  }
}
