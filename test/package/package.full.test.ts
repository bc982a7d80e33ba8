import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { findPython } from '../../src/bridge/workers/python';
import { VERSION } from '../../src/version';
import { ROOT, temporaryDirectory } from '../builders';
import { InstalledPackage } from './packed';

const installed = new InstalledPackage();
beforeAll(() => {
  installed.pack();
  installed.install();
}, 400_000);

const tool = (name: string, args: readonly string[]) =>
  installed.run(process.execPath, [path.join(ROOT, 'node_modules', name), ...args]);

const SCRIPT = `
const session = await Session.start();
const config = resolveConfig([{ from: 'script', values: { preset: 'wine', scale: 'smoke' } }]);
const { method, members } = await session.run(config, { out: process.argv[2] });
await session.close();
console.log(JSON.stringify({ method, members: members.map(({ name }) => name), dspTt: typeof dspTt }));`;
const ANSWER = { method: 'dsp-tt', members: ['tier0', 'tier1-1', 'tier1-2'], dspTt: 'function' };

describe('the package in an empty project', () => {
  it('is imported from CommonJS and from ES modules, and runs', () => {
    installed.write(
      'a.cjs',
      `const { Session, resolveConfig, dspTt } = require('dsptt');\n(async () => {${SCRIPT}})();`,
    );
    installed.write('b.mjs', `import { Session, resolveConfig, dspTt } from 'dsptt';\n${SCRIPT}`);
    for (const script of ['a.cjs', 'b.mjs']) {
      const printed = installed.run(process.execPath, [script, `runs/${script}`]);
      expect(JSON.parse(printed)).toEqual(ANSWER);
    }
  });

  it('has types that the compiler takes, strictly and with those of its dependencies', () => {
    installed.run('npm', [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--loglevel=error',
      '@types/node@20',
    ]);
    const script = `import { compare, type Config, dspTt, listModels, type Method, type Result, resolveConfig, run, runEvents, sweep, verifyExit } from 'dsptt';
const config: Config = resolveConfig([{ from: 'test', values: { preset: 'wine' } }]);
const method: Method = dspTt;
export const found = async (): Promise<Result> => run({ preset: config.preset, seed: 1 }, { out: method.name });
export const events = async () => { for await (const { type } of runEvents({ preset: 'digits' })) console.log(type); };
export const others = [compare, listModels, sweep, verifyExit];
// @ts-expect-error: a seed is a number
export const wrong = () => run({ preset: 'wine', seed: '1' });
`;
    for (const name of ['c.cts', 'd.mts']) installed.write(name, script);
    const strict = { strict: true, skipLibCheck: false, noEmit: true, target: 'ES2022' };
    for (const [module, moduleResolution] of [
      ['node16', 'node16'],
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const compilerOptions = { ...strict, module, moduleResolution, types: ['node'] };
      installed.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['c.cts', 'd.mts'] }));
      tool('typescript/bin/tsc', ['-p', 'tsconfig.json']);
    }
  });

  it('passes what looks at packages', () => {
    expect(tool('publint/src/cli.js', [installed.tarball, '--strict'])).toContain('All good!');
    const attw = ['--profile', 'node16', '--exclude-entrypoints', 'config.schema.json', '--no-emoji'];
    tool('@arethetypeswrong/cli/dist/index.js', [installed.tarball, ...attw]);
  });

  it('has a command that runs, resumes nothing by itself, and knows where it is', () => {
    const printed = installed.run('npx', ['dsptt', 'run', '--preset', 'wine', '--scale', 'smoke', '--json', '--quiet']);
    expect(JSON.parse(printed)).toMatchObject({ method: 'dsp-tt', preset: 'wine' });
    expect(installed.run('npx', ['dsptt', '--version'])).toBe(`${VERSION}\n`);
    expect(installed.run('npx', ['dsptt', 'init', 'mine.yaml'])).toContain('mine.yaml');
    const [, schema] = /\$schema=(\S+)/.exec(fs.readFileSync(path.join(installed.project, 'mine.yaml'), 'utf8')) ?? [];
    expect(fs.existsSync(path.join(installed.project, schema))).toBe(true);
  });

  it('shows where in the sources an error came from', () => {
    const map = JSON.parse(fs.readFileSync(installed.path('dist/cli/main.js.map'), 'utf8'));
    expect(map.sources.map((source: string) => fs.existsSync(installed.path(path.join('dist/cli', source))))).toEqual([
      true,
    ]);
  });

  it('leaves nothing of the tests and the tools behind', () => {
    const files = fs.readdirSync(installed.path(''));
    expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'docs', 'package.json', 'python', 'scripts', 'src']);
    expect(fs.readdirSync(installed.path('scripts')).sort()).toEqual(['dsptt.js', 'setup']);
    expect(fs.readdirSync(installed.path('python')).sort()).toContain('requirements.lock');
    expect(fs.existsSync(installed.path('python/tests'))).toBe(false);
  });
});

describe('the set-up of the package', () => {
  const python = () => path.join(installed.cache, `python-${VERSION}`, '.venv', 'bin', 'python');
  const none = { DSPTT_PYTHON: '' };
  const interrupted = temporaryDirectory();

  it('is asked for where there is no Python environment', () => {
    const { code, stderr } = installed.try('npx', ['dsptt', 'models'], none);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no Python environment yet: run `npx dsptt setup`, or set DSPTT_PYTHON');
  });

  it('ends in order when quickstart, which makes it, is interrupted on the way', async () => {
    const lock = path.join(interrupted, `python-${VERSION}`, '.setup-lock');
    fs.mkdirSync(lock, { recursive: true });
    fs.writeFileSync(path.join(lock, 'pid'), String(process.pid)); // another set-up, for which this one waits
    const quickstart = spawn(process.execPath, [installed.path('scripts/dsptt.js'), 'quickstart'], {
      cwd: installed.project,
      env: { ...process.env, ...none, DSPTT_CACHE: interrupted },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    quickstart.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const [waits] = await once(quickstart.stdout, 'data');
    expect(String(waits)).toContain('waiting for another set-up');
    quickstart.kill('SIGINT');
    expect(await once(quickstart, 'close')).toEqual([130, null]);
    expect(said).toBe('dsptt set-up: interrupted (SIGINT); the next run goes on from here.\n');
  });

  it("makes it in the user's cache, with the worker as a wheel of the same version, and only once", () => {
    // torch and what else the lock names come from the environment of these tests: to install them takes minutes.
    fs.writeFileSync(installed.path('python/requirements.lock'), '# nothing\n');
    const printed = installed.run('npx', ['dsptt', 'setup'], none);
    expect(printed.trimEnd().split('\n').at(-1)).toBe(python());
    const ask =
      'import dsptt_worker, dsptt, importlib.metadata as m; print(dsptt_worker.__file__, m.version("dsptt-worker"))';
    const [file, version] = installed.run(python(), ['-c', ask], { PYTHONPATH: packagesOfTests() }).trim().split(' ');
    expect(file).toMatch(new RegExp(`^${installed.cache}/.*/site-packages/dsptt_worker/__init__\\.py$`));
    expect(version).toBe(VERSION);
    expect(installed.run('npx', ['dsptt', 'setup'], none)).toBe(`${python()}\n`);
  });

  it('is where runs find their Python from then on', () => {
    const run = ['dsptt', 'run', '--preset', 'wine', '--scale', 'smoke', '--json', '--quiet', '--out', 'runs/set-up'];
    const printed = installed.run('npx', run, { ...none, PYTHONPATH: packagesOfTests() });
    expect(JSON.parse(printed)).toMatchObject({ preset: 'wine' });
  });
});

/** Where the Python of these tests has torch. */
function packagesOfTests(): string {
  const ask = 'import sysconfig; print(sysconfig.get_paths()["purelib"])';
  return installed.run(findPython(), ['-c', ask]).trim();
}
