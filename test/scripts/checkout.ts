import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');

/** How one run of a script ended. */
export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A script that is running: its process, and its end. */
export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ran> };

/**
 * A copy of scripts/ in a folder of its own, with a PATH that holds nothing but the fake programs put there, so
 * that a test can say what the machine has, and nothing is installed.
 */
export class Checkout {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'dsptt-setup-test-'));
  private readonly bin = path.join(this.root, 'bin');

  constructor(private readonly script: 'setup.js' | 'python.js' = 'setup.js') {
    fs.cpSync(path.join(ROOT, 'scripts'), path.join(this.root, 'scripts'), { recursive: true });
    for (const folder of ['bin', 'python']) fs.mkdirSync(path.join(this.root, folder));
    this.write('tsconfig.json', '{}\n');
    this.write('package-lock.json', '{"lockfileVersion":3}\n');
    this.write('python/requirements.lock', '# nothing to install\n');
    this.write('python/requirements-dev.lock', '# nothing to install\n');
    this.fakeNpm();
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true });
  }

  path(file: string): string {
    return path.join(this.root, file);
  }

  write(file: string, text: string): void {
    fs.writeFileSync(this.path(file), text);
  }

  /** Puts a shell script on PATH; it starts in the checkout. */
  fake(program: string, script: string): string {
    const file = path.join(this.bin, program);
    fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  }

  /** An npm that notes each call and makes an empty node_modules, as a good `npm ci` would; then does more, if told to. */
  fakeNpm(script = ''): void {
    this.fake('npm', `echo "$1" >> npm-calls\n/bin/mkdir -p node_modules\n${script}`);
  }

  npmCalls(): string[] {
    const file = this.path('npm-calls');
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  makeFifo(name: string): string {
    execFileSync('mkfifo', [this.path(name)]);
    return this.path(name);
  }

  start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Running {
    const child = spawn(process.execPath, [`scripts/${this.script}`, ...args], {
      cwd: this.root,
      env: { PATH: this.bin, HOME: this.root, PIP_CONFIG_FILE: '/dev/null', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    const ended = new Promise<Ran>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
    return { child, ended };
  }

  run(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return this.start(args, env).ended;
  }
}

/** Waits until a running script has printed a text. */
export function untilPrinted({ child }: Running, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes(text)) resolve();
    });
    child.on('close', () => reject(new Error(`the script ended without printing "${text}", only "${printed}"`)));
  });
}
