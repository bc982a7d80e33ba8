import { UsageError } from '../../errors';
import type { Launcher } from '../workers/launcher';
import { CommandLauncher } from './command-launcher';
import { GpuLauncher } from './gpu-launcher';

/** Options of workers that are placed: the interpreter, and a listener for messages about waiting. */
export interface PlacementOptions {
  readonly python?: string | undefined;
  readonly onWait?: ((message: string) => void) | undefined;
}

const KNOWN = "'gpus', 'srun ...', 'slurm ...', 'ssh HOST' or 'command ...'";

/**
 * Returns the launcher that `--on` names: `gpus`, each worker on a GPU of this machine; `srun ARGUMENTS`, as steps of the
 * Slurm job that this process is in; `slurm ARGUMENTS`, as Slurm jobs of their own; `ssh HOST`; or `command WORDS`, any
 * command that runs another one elsewhere and passes on its standard streams. Quotes join words; nothing is expanded.
 * @throws UsageError for anything else
 */
export function launcherOn(on: string, options: PlacementOptions = {}): Launcher {
  const [kind, ...rest] = wordsOf(on);
  if (kind === 'gpus' && rest.length === 0) return new GpuLauncher(options.python);
  if (kind === 'srun') return new CommandLauncher(['srun', ...rest], options);
  if (kind === 'slurm') return new CommandLauncher(['srun', '-n1', ...rest], { ...options, env: outsideOfJobs() });
  if (kind === 'ssh' && rest.length > 0) return new CommandLauncher(['ssh', ...rest], options);
  if (kind === 'command' && rest.length > 0) return new CommandLauncher(rest, options);
  throw new UsageError(`--on must be ${KNOWN}, got '${on}'`);
}

/** Returns the words of a command line: blanks part them, quotes join them. @throws UsageError for a quote left open */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  const word = /\s*((?:[^\s'"]|'[^']*'|"[^"]*")+)\s*/y;
  while (word.lastIndex < line.trimEnd().length) {
    const found = word.exec(line)?.[1];
    if (found === undefined) throw new UsageError(`--on: a quote is left open in '${line}'`);
    words.push(found.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
  }
  return words;
}

/** Returns this process's environment without Slurm's: inside of a job, `srun` would make a step of that job. */
function outsideOfJobs(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SLURM_')));
}
