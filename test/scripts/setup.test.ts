import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, usePlainPython } from '../builders';
import { Checkout, untilPrinted } from './checkout';

usePlainPython();

const projectPython = process.env.DSPTT_PYTHON ?? path.join(ROOT, '.venv', 'bin', 'python');

/** A Python of a given version for the set-up's question, and nothing else. */
const pythonThatSays = (version: readonly number[], missing: readonly string[] = []) =>
  `echo 'dsptt answers: ${JSON.stringify({ version, missing })}'`;

/** A link on PATH to a real Python; a script, as a link would make Python look for its library beside the link. */
const realPython = `exec '${projectPython}' "$@"`;

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

describe('the npm packages', () => {
  // A Python that needs no environment, so that these tests are about npm only.
  const env = { DSPTT_PYTHON: 'python-with-all' };
  beforeEach(() => checkout.fake('python-with-all', pythonThatSays([3, 11, 7])));

  it('are installed once, and a second run does nothing', async () => {
    const first = await checkout.run([], env);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const second = await checkout.run([], env);
    expect(second).toEqual({ code: 0, stdout: 'dsptt set-up: nothing to do\n', stderr: '' });
    expect(checkout.npmCalls()).toEqual(['ci']);
  });

  it('are installed again when package-lock.json has changed', async () => {
    await checkout.run([], env);
    checkout.write('package-lock.json', '{"lockfileVersion":3,"packages":{}}\n');
    await checkout.run([], env);
    expect(checkout.npmCalls()).toEqual(['ci', 'ci']);
  });

  it('are installed again after an npm ci that left node_modules half filled', async () => {
    checkout.fakeNpm('echo half > node_modules/half; exit 1');
    expect((await checkout.run([], env)).code).toBe(1);
    checkout.fakeNpm();
    expect((await checkout.run([], env)).code).toBe(0);
    expect(checkout.npmCalls()).toEqual(['ci', 'ci']);
  });

  it('are left alone in a published package, which has no package-lock.json, as are its compiled sources', async () => {
    for (const file of ['package-lock.json', 'tsconfig.json']) fs.rmSync(checkout.path(file));
    expect((await checkout.run([], env)).stdout).toBe('dsptt set-up: nothing to do\n');
  });

  it.each([
    [
      'npm error network request to https://registry.example failed, reason: getaddrinfo ENOTFOUND registry.example',
      /^dsptt set-up: "npm ci" cannot reach its package registry \(.*ENOTFOUND registry\.example\): check the network and the proxy settings, then run the set-up again\.\n$/,
    ],
    [
      'npm error ENOSPC: no space left on device, write',
      /^dsptt set-up: the disk is full \(npm error ENOSPC.*\): free some space here or in .*\n$/,
    ],
  ])('explain a failure in one sentence: %s', async (line, sentence) => {
    checkout.fakeNpm(`echo '${line}' >&2; exit 1`);
    const ran = await checkout.run([], env);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(sentence);
  });

  it('show the first lines of npm where the cause is not known', async () => {
    checkout.fakeNpm('echo "npm error code EUSAGE" >&2; exit 7');
    const ran = await checkout.run([], env);
    expect(ran.stderr).toBe(
      '  npm error code EUSAGE\ndsptt set-up: "npm ci" failed with exit code 7; its first lines are above.\n',
    );
  });

  it('say so where there is no npm', async () => {
    fs.rmSync(checkout.path('bin/npm'));
    const ran = await checkout.run([], env);
    expect(ran).toMatchObject({ code: 1, stderr: 'dsptt set-up: "npm ci" cannot be started (spawn npm ENOENT).\n' });
  });

  it('end with exit code 130 and no process left behind on Ctrl-C, and the next run goes on', async () => {
    const fifo = checkout.makeFifo('never-written');
    checkout.fakeNpm('echo $$ > npm-pid; echo started > announce; read -r line < never-written');
    const announce = checkout.makeFifo('announce');
    const running = checkout.start([], env);
    await fs.promises.readFile(announce);
    running.child.kill('SIGINT');
    const ran = await running.ended;
    expect(ran).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted (SIGINT)') });
    const npmPid = Number(fs.readFileSync(checkout.path('npm-pid'), 'utf8'));
    expect(() => process.kill(npmPid, 0)).toThrow('ESRCH');

    fs.rmSync(fifo);
    checkout.fakeNpm();
    expect((await checkout.run([], env)).stdout).toContain('dsptt set-up: done');
  });

  it('are installed by one of two set-ups at a time; the other waits and finds nothing left to do', async () => {
    const goOn = checkout.makeFifo('go-on');
    checkout.fakeNpm('read -r line < go-on');
    const first = checkout.start([], env);
    await untilPrinted(first, 'installing npm packages');
    const second = checkout.start([], env);
    await untilPrinted(second, `waiting for another set-up (process ${first.child.pid})`);
    await fs.promises.writeFile(goOn, 'go on\n');
    expect(await first.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await second.ended).toMatchObject({ code: 0, stderr: '' });
    expect(checkout.npmCalls()).toEqual(['ci']);
  });

  it('do not wait for a set-up that was killed', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid;
    fs.mkdirSync(checkout.path('.setup-lock'));
    checkout.write('.setup-lock/pid', String(dead));
    const ran = await checkout.run([], env);
    expect(ran.code).toBe(0);
    expect(ran.stdout).not.toContain('waiting');
    expect(fs.readdirSync(checkout.root).filter((name) => name.startsWith('.setup-lock'))).toEqual([]);
  });
});

describe('the compiled sources', () => {
  it('are made where they are missing or out of date, once the compiler is installed', async () => {
    const env = { DSPTT_PYTHON: 'python-with-all' };
    checkout.fake('python-with-all', pythonThatSays([3, 11, 7]));
    checkout.fakeNpm(`/bin/ln -sfn '${path.join(ROOT, 'node_modules', 'typescript')}' node_modules/typescript`);
    checkout.write('src/answer.ts', 'export const answer: number = 41;\n');
    const first = await checkout.run([], env);
    expect(first).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('compiling 1 changed source') });
    expect((await checkout.run([], env)).stdout).toBe('dsptt set-up: nothing to do\n');
    checkout.write('src/answer.ts', 'export const answer: number = 42;\n');
    await checkout.run([], env);
    expect(fs.readFileSync(checkout.path('dist/answer.js'), 'utf8')).toContain('answer = 42;');
  });
});

describe('the Python of the machine', () => {
  it('is asked for where PATH has none', async () => {
    const ran = await checkout.run();
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^dsptt set-up: no Python found on PATH: dsptt needs Python 3\.10 to 3\.13; .*\n$/);
  });

  it.each([
    [[3, 8, 10], 'old'],
    [[2, 7, 18], 'old'],
    [[3, 14, 0], 'new'],
  ])('is refused with its version and place when it is %j', async (version, age) => {
    const python = checkout.fake('python3', pythonThatSays(version));
    const ran = await checkout.run();
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      new RegExp(`^dsptt set-up: Python ${version.join('\\.')} \\(${python}\\) is too ${age}: dsptt needs .*\n$`),
    );
  });

  it('is passed over where it is a launcher without a Python behind it', async () => {
    checkout.fake('python3.13', 'echo "python3.13: command not found" >&2; exit 127');
    checkout.fake('python3', pythonThatSays([3, 8, 10]));
    expect((await checkout.run()).stderr).toContain('Python 3.8.10');
  });

  it('must be able to make a virtual environment', async () => {
    checkout.fake('python3', pythonThatSays([3, 11, 2], ['ensurepip']));
    const ran = await checkout.run();
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('lacks the module ensurepip');
    expect(ran.stderr).toContain('apt install python3-venv');
  });
});

describe('DSPTT_PYTHON', () => {
  it('must be a program', async () => {
    const ran = await checkout.run([], { DSPTT_PYTHON: '/nowhere/python' });
    expect(ran).toMatchObject({
      code: 1,
      stderr:
        'dsptt set-up: DSPTT_PYTHON=/nowhere/python: it cannot be run (no such program); name a Python interpreter, or unset it.\n',
    });
  });

  it('must not be too old', async () => {
    const python = checkout.fake('old-python', pythonThatSays([3, 9, 18]));
    const ran = await checkout.run([], { DSPTT_PYTHON: python });
    expect(ran.stderr).toBe(
      `dsptt set-up: DSPTT_PYTHON=${python}: Python 3.9.18 is too old: dsptt needs 3.10 or newer.\n`,
    );
  });

  it('is told which packages it lacks and how to install them, and gets nothing installed', async () => {
    execFileSync(projectPython, ['-m', 'venv', '--without-pip', checkout.path('bare')]);
    const python = checkout.path('bare/bin/python');
    const ran = await checkout.run(['--dev'], { DSPTT_PYTHON: python });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(
      'lacks torch, numpy, zmq, msgspec, safetensors, sklearn, PIL, pytest, hypothesis, ruff, mypy',
    );
    expect(ran.stderr).toContain(`${python} -m pip install torch numpy pyzmq msgspec safetensors scikit-learn pillow`);
    expect(checkout.npmCalls()).toEqual([]);
  });
});

describe('the environment in .venv', () => {
  beforeEach(() => checkout.fake('python3', realPython));

  it('is made once, made again when it was left unfinished, and explains a pip without a network', async () => {
    expect(await checkout.run(['--dev'])).toMatchObject({ code: 0, stderr: '' });
    expect((await checkout.run()).stdout).toBe('dsptt set-up: nothing to do\n');

    checkout.write('python/requirements.lock', 'numpy==2.2.6\n');
    const nowhere = { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '1' };
    const offline = await checkout.run([], nowhere);
    expect(offline.code).toBe(1);
    expect(offline.stderr).toMatch(/^dsptt set-up: "pip install -r python\/requirements\.lock" cannot reach its .*\n$/);

    checkout.write('python/requirements.lock', '# nothing to install\n');
    const again = await checkout.run();
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('creating .venv');
  });
});

describe('the command line', () => {
  it('names the one option there is', async () => {
    const ran = await checkout.run(['--prod']);
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^dsptt set-up: Unknown option '--prod'.*--dev/),
    });
  });
});
