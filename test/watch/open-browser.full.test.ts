import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT, temporaryDirectory, until } from '../builders';
import { keptRun } from '../journals/kept';
import { ask } from './requests';

const root = temporaryDirectory();
const OPENER = process.platform === 'darwin' ? 'open' : 'xdg-open';
/** Runs a command in a terminal of its own: what is typed comes on standard input, what it shows goes to standard output. */
const TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
const CTRL_C = '\x03';

/** A folder of commands in which the opener is this shell script; without one there is none. */
function commands(script?: string): string {
  const folder = fs.mkdtempSync(path.join(root, 'bin-'));
  if (script !== undefined) fs.writeFileSync(path.join(folder, OPENER), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

/** `dsptt watch` on a run, where there is a screen, and these are all the commands. */
async function watching(folder: string) {
  const { SSH_CONNECTION: _, ...inherited } = process.env;
  const env = { ...inherited, PATH: folder, DISPLAY: ':9', NO_COLOR: '1', TMPDIR: root };
  const dsptt = [process.execPath, path.join(ROOT, 'scripts', 'dsptt.js'), 'watch', keptRun(path.join('0.1.0', 'swa'))];
  const python = path.join(ROOT, 'scripts', 'python.js');
  const child = spawn(process.execPath, [python, '-c', TERMINAL, ...dsptt], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    shown += text;
  });
  const ended = once(child, 'close');
  terminals.push(child);
  await Promise.race([until(() => /Ctrl-C ends/.test(shown)), ended]);
  const [address = ''] = /http:\S+/.exec(shown) ?? [];
  const close = async () => {
    child.stdin.write(CTRL_C);
    const [code] = await ended;
    return code;
  };
  return { address, close };
}

/** Also that of a test that failed must not stay: what runs in a terminal ends with it. */
const terminals: ChildProcess[] = [];
afterAll(() => {
  for (const terminal of terminals) terminal.kill();
});

/** What is left of the pages that lead a browser to an address. */
const pagesLeft = () => fs.readdirSync(root).filter((name) => name.startsWith('dsptt-view-'));

describe('dsptt watch where there is a screen', () => {
  it('lets the system open a page that only this user can read, which leads to the address', async () => {
    const opened = path.join(root, 'opened');
    const display = await watching(
      commands(`printf '%s' "$1" > '${opened}.part' && /bin/mv '${opened}.part' '${opened}'`),
    );
    await until(() => fs.existsSync(opened));
    const page = fileURLToPath(fs.readFileSync(opened, 'utf8'));
    expect(fs.statSync(page).mode & 0o777).toBe(0o600);
    const [, address = ''] = /url=([^"]+)"/.exec(fs.readFileSync(page, 'utf8')) ?? [];
    expect(address).toBe(display.address);
    const answer = await ask(address, new URL(address).pathname);
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<h1>swa</h1>') });
    expect(await display.close()).toBe(0);
    expect(pagesLeft()).toEqual([]);
  });

  it.each([
    ['nothing to open it with', undefined],
    ['an opener that fails', 'exit 3'],
  ])('prints the address and shows the run with %s', async (_, script) => {
    const display = await watching(commands(script));
    expect(await ask(display.address, new URL(display.address).pathname)).toMatchObject({ status: 200 });
    expect(await display.close()).toBe(0);
    expect(pagesLeft()).toEqual([]);
  });
});
