import { Ray } from '../../../test/bridge/placed/ray';
import { Slurm } from '../../../test/bridge/placed/slurm';
import { processes } from '../../../test/machine';

/** An engine on this machine, whose parts can be killed under a run of the process `driver`. */
export interface Engine {
  /** Value of `--on`. */
  readonly on: string;
  readonly env: NodeJS.ProcessEnv;
  start(): Promise<void>;
  /** Returns the process ids of our workers that it holds. */
  workers(): number[];
  /** Returns the process that stands between Node and the worker; undefined if it has none now. */
  helper(driver: number): number | undefined;
  /** Takes the place of the worker away, as a node that fails does, and makes another place. */
  loseNode(): void;
  stop(): Promise<void>;
}

/** Returns an engine by its name. @throws Error if it cannot be had here */
export function engineOf(name: string): Engine {
  if (name === 'ray') return onRay();
  if (name === 'slurm') return onSlurm();
  throw new Error(`--on must be ray or slurm, got '${name}'`);
}

function onRay(): Engine {
  const ray = new Ray();
  mustBeHad(ray.install());
  return {
    on: 'ray',
    get env() {
      return ray.env;
    },
    start: () => ray.start(2),
    workers: () => ray.workers().map(({ worker }) => worker),
    helper: (driver) => childOf(driver, 'dsptt_pool'),
    loseNode: () => {
      const [held] = ray.workers();
      if (held === undefined) return;
      ray.killNode(held.node);
      ray.addNode();
    },
    stop: () => ray.stop(),
  };
}

function onSlurm(): Engine {
  const slurm = new Slurm();
  mustBeHad(slurm.download());
  const pidsOf = (job: string) =>
    slurm
      .ask('scontrol', 'listpids', job)
      .split('\n')
      .slice(1)
      .map((line) => Number.parseInt(line, 10))
      .filter((pid) => pid > 0);
  return {
    on: 'slurm -c1',
    get env() {
      return slurm.env;
    },
    start: () => slurm.start(),
    workers: () => slurm.jobs().flatMap(pidsOf),
    helper: (driver) => childOf(driver, 'srun'),
    loseNode: () => {
      for (const job of slurm.jobs()) slurm.ask('scancel', job);
    },
    stop: () => slurm.stop(),
  };
}

function mustBeHad(missing: string | undefined): void {
  if (missing !== undefined) throw new Error(`the engine cannot be had: ${missing}`);
}

function childOf(parent: number, word: string): number | undefined {
  return processes().find((process) => process.parent === parent && process.command.includes(word))?.pid;
}
