import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { REGISTER, ROOT, temporaryDirectory, workerDirectories } from '../builders';

/** How a command line ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once its standard error matches; rejects when it ends without. */
  errorOutput(expected: RegExp): Promise<void>;
}

/** A working directory and a temporary directory of its own, and `dsptt` run in them. */
export class CommandLine {
  readonly directory = temporaryDirectory();
  readonly #temporary = temporaryDirectory();

  /** Run `dsptt` in a process of its own. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
    return this.#start([path.join(ROOT, 'scripts', 'dsptt.js'), ...args], '', env);
  }

  #start(args: readonly string[], input: string, env: Readonly<Record<string, string>>): Started {
    const { FORCE_COLOR: _, ...inherited } = process.env;
    const child = spawn(process.execPath, [...args], {
      cwd: this.directory,
      env: { ...inherited, NO_COLOR: '1', TMPDIR: this.#temporary, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(input);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
    const errorOutput = (expected: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => expected.test(stderr) && resolve();
        child.stderr.on('data', look);
        child.once('close', () => reject(new Error(`it ended without printing ${expected}: ${stderr}`)));
        look();
      });
    return { child, ended, errorOutput };
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  /** Run a script of a user's. */
  runNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.#start(args, '', env).ended;
  }

  /** Run command lines one after the other in one process. */
  async runInOneProcess(
    lines: readonly (readonly string[])[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ended[]> {
    const { stdout, stderr } = await this.#startProgram('one-after-the-other.ts', lines, env).ended;
    const [outputs, errors] = [stdout, stderr].map((printed) => printed.split(/^=== (\d+)\n/m));
    return lines.map((_, k) => ({ stdout: outputs[2 * k], stderr: errors[2 * k], code: Number(errors[2 * k + 1]) }));
  }

  /** Run scripts of ours (a file and its arguments each) one after the other in one process, until one fails. */
  runScripts(scripts: readonly (readonly string[])[]): Promise<Ended> {
    return this.#startProgram('scripts-one-after-the-other.ts', scripts, {}).ended;
  }

  #startProgram(name: string, input: readonly (readonly string[])[], env: Readonly<Record<string, string>>): Started {
    return this.#start(['-r', REGISTER, path.join(__dirname, name)], JSON.stringify(input), env);
  }

  write(name: string, content: string | Uint8Array): string {
    const file = path.join(this.directory, name);
    fs.writeFileSync(file, content);
    return file;
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.directory, name), 'utf8');
  }

  has(name: string): boolean {
    return fs.existsSync(path.join(this.directory, name));
  }

  /** Run directories (all under `runs` here) that exist; and directories of workers. */
  get left(): { readonly runs: string[]; readonly workers: string[] } {
    const runs = path.join(this.directory, 'runs');
    return { runs: fs.existsSync(runs) ? fs.readdirSync(runs) : [], workers: workerDirectories(this.#temporary) };
  }
}
