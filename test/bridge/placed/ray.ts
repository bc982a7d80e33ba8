import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { findPython } from '../../../src/bridge/workers/python';
import { freePort, processes, until } from '../../machine';

/** Ray gives up a start after 30 s, which a busy machine may need more than once. */
const TRIES = 3;
const START_MS = 120_000;
const INSTALL_MS = 300_000;
/** Least memory of Ray's store, which nothing of ours is put in. */
const STORE = ['--object-store-memory', '80000000', '--min-worker-port', '0', '--max-worker-port', '0'];
const QUIET = ['--disable-usage-stats', '--node-ip-address', '127.0.0.1'];

/** A Ray of a head without processors and of nodes with one false GPU each, on this machine, in a Python of its own. */
export class Ray {
  readonly #python = findPython();
  /** Its session lies in 0777 folders, and sockets of it need a short path. */
  readonly #root = fs.mkdtempSync(path.join(tmpdir(), 'ray-'));
  #port = 0;

  /** Installs it beside the packages of our Python, once. Returns why no Ray can be had here; undefined where it can. */
  install(): string | undefined {
    const done = path.join(this.#home, 'installed');
    if (fs.existsSync(done)) return undefined;
    const venv = spawnSync(this.#python, ['-m', 'venv', '--clear', this.#home], { encoding: 'utf8' });
    if (venv.status !== 0) return `no environment can be made (${venv.stderr.trim()})`;
    const pip = spawnSync(this.python, ['-m', 'pip', 'install', '--quiet', '--retries', '1', 'ray'], {
      encoding: 'utf8',
      timeout: INSTALL_MS,
    });
    if (pip.status !== 0) return `pip cannot install it (${pip.stderr?.trim().split('\n').at(-1)})`;
    fs.writeFileSync(path.join(packagesOf(this.python), 'project.pth'), `${packagesOf(this.#python)}\n`);
    fs.writeFileSync(done, '');
    return undefined;
  }

  /** The interpreter that has Ray and torch. */
  get python(): string {
    return path.join(this.#home, 'bin', 'python');
  }

  /** Variables of the environment of commands that use it. */
  get env(): { DSPTT_PYTHON: string; RAY_ADDRESS: string } {
    return { DSPTT_PYTHON: this.python, RAY_ADDRESS: `127.0.0.1:${this.#port}` };
  }

  /** The folder in which Ray keeps its session, with all logs. */
  get session(): string {
    return this.#root;
  }

  async start(nodes: number): Promise<void> {
    for (let tried = 1; this.#port === 0; tried += 1) {
      const port = await freePort(); // 10002-19999 are the workers' own, and the system gives others
      const head = ['--head', '--port', String(port), '--temp-dir', this.#root, '--include-dashboard', 'false'];
      const failure = this.#ray([...head, '--num-cpus', '0', '--num-gpus', '0']);
      if (failure === undefined) this.#port = port;
      else if (tried === TRIES) throw new Error(`no head of Ray starts: ${failure}`);
      else await this.#end();
    }
    for (let node = 0; node < nodes; node += 1) this.addNode();
  }

  /** Adds a node with two processors and a false GPU. */
  addNode(): void {
    const node = ['--address', this.env.RAY_ADDRESS, '--num-cpus', '2', '--num-gpus', '1'];
    for (let tried = 1; ; tried += 1) {
      const failure = this.#ray(node);
      if (failure === undefined) return;
      if (tried === TRIES) throw new Error(`no node of Ray starts: ${failure}`);
    }
  }

  /** The workers of ours that it holds, with the process of Ray that holds each node. */
  workers(): { worker: number; node: number }[] {
    const all = new Map(processes().map((process) => [process.pid, process]));
    return this.#processes().flatMap((pid) => {
      const process = all.get(pid);
      if (!process?.command.includes('-m dsptt_worker')) return [];
      const node = all.get(process.parent)?.parent;
      return node === undefined ? [] : [{ worker: pid, node }];
    });
  }

  /** Ends a node as a power cut does: Ray's own process, and all that it holds. */
  killNode(node: number): void {
    for (const pid of withDescendants([node])) kill(pid);
  }

  async stop(): Promise<void> {
    await this.#end();
    fs.rmSync(this.#root, { recursive: true, force: true });
  }

  get #home(): string {
    const cache = process.env.DSPTT_CACHE || path.join(homedir(), '.cache', 'dsptt');
    const key = createHash('sha256').update(this.#python).digest('hex').slice(0, 8);
    return path.join(cache, `tests-ray-${key}`);
  }

  #ray(args: readonly string[]): string | undefined {
    const ray = path.join(path.dirname(this.python), 'ray');
    const env = { ...process.env, TMPDIR: this.#root };
    const { status, stdout, stderr } = spawnSync(ray, ['start', ...args, ...STORE, ...QUIET], {
      env,
      encoding: 'utf8',
      timeout: START_MS,
    });
    return status === 0 ? undefined : `${stdout}${stderr}`.trim().slice(-1000);
  }

  /** Kills all its processes, and waits until they are gone. */
  async #end(): Promise<void> {
    await until(() => {
      const left = this.#processes();
      for (const pid of left) kill(pid);
      return left.length === 0;
    });
  }

  /** All processes of it: they name its folder, or descend from one that does. */
  #processes(): number[] {
    const named = processes().filter(({ command }) => command.includes(this.#root));
    return withDescendants(named.map(({ pid }) => pid));
  }
}

function withDescendants(pids: readonly number[]): number[] {
  const all = processes();
  const found = new Set(pids);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function packagesOf(python: string): string {
  const ask = "import sysconfig; print(sysconfig.get_path('purelib'))";
  return execFileSync(python, ['-c', ask], { encoding: 'utf8' }).trim();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}
