import { UsageError } from '../../errors';
import type { Launcher } from '../workers/launcher';
import { CommandLauncher } from './command-launcher';
import { GpuLauncher } from './gpu-launcher';
import { RayLauncher, type RayPlace } from './ray-launcher';

/** A place for workers: words as `--on` takes them, or a place on Ray with its amounts. */
export type Place = string | RayPlace;

/** Options of workers that are placed: the interpreter, and a listener for messages about waiting. */
export interface PlacementOptions {
  readonly python?: string | undefined;
  readonly onWait?: ((message: string) => void) | undefined;
}

const KNOWN = "'gpus', 'ray', 'srun ...', 'slurm ...', 'ssh HOST' or 'command ...'";

/**
 * Returns the launcher that `--on` names: `gpus`, each worker on a GPU of this machine; `ray`, in a Ray cluster;
 * `srun ARGUMENTS`, as steps of the Slurm job that this process is in; `slurm ARGUMENTS`, as Slurm jobs of their own;
 * `ssh HOST`; or `command WORDS`, any command that runs another one elsewhere and passes on its standard streams. Quotes
 * join words; nothing is expanded.
 * @throws UsageError for anything else
 */
export function launcherOn(on: Place, options: PlacementOptions = {}): Launcher {
  if (typeof on === 'object') return new RayLauncher(on, options);
  const [kind, ...rest] = wordsOf(on);
  if (kind === 'gpus' && rest.length === 0) return new GpuLauncher(options.python);
  if (kind === 'ray' && rest.length === 0) return new RayLauncher({ kind }, options);
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

/** Variables of Slurm's that say where its controller is, not what job this process is in. */
const OF_CLUSTER = ['SLURM_CONF', 'SLURM_CONF_SERVER', 'SLURM_CLUSTERS'];

/** Returns this process's environment without the Slurm job that it is in, of which `srun` would make a step. */
function outsideOfJobs(): NodeJS.ProcessEnv {
  if (process.env.SLURM_JOB_ID === undefined) return process.env; // SLURM_PARTITION and the like are the user's own
  const kept = ([name]: readonly [string, unknown]) => !name.startsWith('SLURM_') || OF_CLUSTER.includes(name);
  return Object.fromEntries(Object.entries(process.env).filter(kept));
}
