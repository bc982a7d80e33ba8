import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findPython } from '../../src/bridge/workers/python';
import { ROOT, temporaryDirectory } from '../builders';
import type { Ended } from '../cli/dsptt';

const PARTS = ['src', 'scripts', 'python', 'docs', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'README.md'];

/** The package as npm would publish it, installed into an empty project. */
export class InstalledPackage {
  readonly project = fs.realpathSync(temporaryDirectory());
  /** What else than the package a user of it has: a Python, and a cache of its own. */
  readonly cache = temporaryDirectory();
  readonly #copy = temporaryDirectory();
  #tarball = '';

  /** Pack a copy of the tree, as packing builds `dist` anew, under which other tests may run. */
  pack(): void {
    for (const part of [...PARTS, 'LICENSE']) {
      fs.cpSync(path.join(ROOT, part), path.join(this.#copy, part), { recursive: true, filter: isSource });
    }
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.#copy, 'node_modules'));
    const env = { ...process.env, DSPTT_PYTHON: findPython() };
    const args = ['pack', '--silent', '--pack-destination', this.cache];
    execFileSync('npm', args, { cwd: this.#copy, env, stdio: ['ignore', 'ignore', 'inherit'] });
    const [tarball] = fs.readdirSync(this.cache).filter((name) => name.endsWith('.tgz'));
    this.#tarball = path.join(this.cache, tarball);
  }

  install(): void {
    this.write('package.json', '{"private": true}');
    this.run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', this.#tarball]);
  }

  get tarball(): string {
    return this.#tarball;
  }

  /** A file of the installed package. */
  path(file: string): string {
    return path.join(this.project, 'node_modules', 'dsptt', file);
  }

  write(name: string, text: string): void {
    fs.writeFileSync(path.join(this.project, name), text);
  }

  /** Run a program in the project; its failure is the test's. */
  run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    const { code, stdout, stderr } = this.try(command, args, env);
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return stdout;
  }

  try(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: this.project,
      env: { ...process.env, DSPTT_PYTHON: findPython(), DSPTT_CACHE: this.cache, NO_COLOR: '1', ...env },
      encoding: 'utf8',
    });
    return { code: status, stdout, stderr };
  }
}

function isSource(file: string): boolean {
  return !/__pycache__|\/\.|\/python\/tests(\/|$)|\/docs\/api(\/|$)/.test(file.slice(ROOT.length));
}
