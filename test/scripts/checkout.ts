import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');

/** A command's entry in src/cli/main.ts, which loads one source at once and one where it has an argument. */
export const MAIN = `import { greeting } from '../greeting';
export async function main([name]: readonly string[]): Promise<number> {
  const later = (): typeof import('../goodbye') => require('../goodbye');
  console.log(name === undefined ? greeting : later().goodbye(name));
  return 3;
}
`;

/** How one run of a script ended. */
export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A script that is running: its process, and its end. */
export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ran> };

/**
 * A copy of scripts/ in a folder of its own, without sources, with a PATH that holds nothing but the fake programs put
 * there, so that a test can say what the machine has, and nothing is installed.
 */
export class Checkout {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'dsptt-setup-test-'));
  private readonly bin = path.join(this.root, 'bin');

  constructor(private readonly script: 'setup.js' | 'python.js' | 'dsptt.js' = 'setup.js') {
    for (const part of ['scripts', 'tsconfig.json', 'tsconfig.build.json', 'src/watch/browser/tsconfig.json']) {
      fs.cpSync(path.join(ROOT, part), this.path(part), { recursive: true });
    }
    for (const folder of ['bin', 'python']) fs.mkdirSync(this.path(folder));
    fs.copyFileSync(path.join(ROOT, 'python/probe.py'), this.path('python/probe.py'));
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
    fs.mkdirSync(path.dirname(this.path(file)), { recursive: true });
    fs.writeFileSync(this.path(file), text);
  }

  /** Adds the four sources of a command that says hello, or goodbye to its argument, and the npm packages. */
  addCommand(): void {
    fs.symlinkSync(path.join(ROOT, 'node_modules'), this.path('node_modules'));
    this.write('src/cli/main.ts', MAIN);
    this.write('src/greeting.ts', "export const greeting: string = 'hello';\n");
    this.write('src/goodbye.ts', "export const goodbye = (name: string): string => 'goodbye, ' + name;\n");
    this.write('src/watch/browser/page.ts', 'export const width: number = 100;\n');
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

/** What is expected of the command of `addCommand`. */
export const said = (words: string): Ran => ({ code: 3, stdout: `${words}\n`, stderr: '' });

/** What it prints on standard error where it compiles so many of its sources first. */
export const compiling = (count: number): string =>
  `dsptt: compiling ${count} changed source${count === 1 ? '' : 's'} ...\n`;

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
