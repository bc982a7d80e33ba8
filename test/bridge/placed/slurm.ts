import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, until } from '../../machine';

const PACKAGES = ['slurmctld', 'slurmd', 'slurm-client', 'slurm-wlm-basic-plugins'];
const LIBRARIES = ['libmunge2', 'libhwloc15'];

/** A Slurm of one node on this machine, of Debian's packages, unpacked and not installed. */
export class Slurm {
  readonly #root = fs.mkdtempSync(path.join(tmpdir(), 'slurm-'));
  readonly #daemons: ReturnType<typeof spawn>[] = [];

  /** Downloads its packages. Returns why no Slurm can be had here; undefined where it can. */
  download(): string | undefined {
    if (process.geteuid?.() !== 0) return 'its daemons want to run as root';
    const got = spawnSync('apt-get', ['download', '-qq', ...PACKAGES, ...LIBRARIES], {
      cwd: this.#root,
      timeout: 60_000,
    });
    return got.status === 0 ? undefined : `apt-get has no packages of it (${got.error?.message ?? got.stderr})`;
  }

  /** Variables of the environment with which `srun` and the others reach it. */
  get env(): NodeJS.ProcessEnv {
    const libraries = path.join(this.#root, 'usr', 'lib', `${machine()}-linux-gnu`);
    return {
      PATH: `${path.join(this.#root, 'usr', 'bin')}:${process.env.PATH}`,
      LD_LIBRARY_PATH: `${libraries}:${path.join(libraries, 'slurm-wlm')}`,
      SLURM_CONF: path.join(this.#root, 'slurm.conf'),
    };
  }

  async start(): Promise<void> {
    for (const file of fs.readdirSync(this.#root)) execFileSync('dpkg', ['-x', file, '.'], { cwd: this.#root });
    for (const folder of ['state', 'spool']) fs.mkdirSync(path.join(this.#root, folder));
    fs.writeFileSync(path.join(this.#root, 'slurm.conf'), this.#settings(await freePort(), await freePort()));
    const sbin = (name: string) => path.join(this.#root, 'usr', 'sbin', name);
    this.#daemon(sbin('slurmctld-wlm'), ['-D']);
    this.#daemon(sbin('slurmd-wlm'), ['-D', '-d', sbin('slurmstepd-wlm')]);
    await until(() => this.ask('sinfo', '-h', '-o', '%t').trim() === 'idle');
  }

  /** What one of Slurm's commands prints. */
  ask(command: string, ...args: readonly string[]): string {
    const env = { ...process.env, ...this.env };
    return spawnSync(path.join(this.#root, 'usr', 'bin', command), args, { env, encoding: 'utf8' }).stdout;
  }

  /** The jobs that run or wait. */
  jobs(): string[] {
    return this.ask('squeue', '-h', '-o', '%i').split('\n').filter(Boolean);
  }

  async stop(): Promise<void> {
    for (const job of this.jobs()) this.ask('scancel', job);
    for (const daemon of this.#daemons) {
      const ended = new Promise((resolve) => daemon.once('close', resolve));
      daemon.kill();
      await ended;
    }
    fs.rmSync(this.#root, { recursive: true, force: true });
  }

  #daemon(command: string, args: readonly string[]): void {
    this.#daemons.push(spawn(command, args, { env: { ...process.env, ...this.env }, stdio: 'ignore' }));
  }

  #settings(controller: number, node: number): string {
    const [name] = hostname().split('.');
    const at = (file: string) => path.join(this.#root, file);
    return `ClusterName=test
SlurmctldHost=${name}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
AuthType=auth/none
CredType=cred/none
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd.log')}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
PluginDir=${path.join(this.#root, 'usr', 'lib', `${machine()}-linux-gnu`, 'slurm-wlm')}
KillWait=3
NodeName=${name} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=${name} Default=YES MaxTime=INFINITE State=UP
`;
  }
}

function machine(): string {
  return execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim();
}
