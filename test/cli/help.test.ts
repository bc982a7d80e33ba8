import { COMMANDS } from '../../src/cli/list';
import { main } from '../../src/cli/main';
import { needsWorker } from '../../src/cli/needs-worker';
import { CommandLine } from './dsptt';

const cli = new CommandLine();

async function printed(...argv: string[]): Promise<string> {
  let text = '';
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    expect(await main(argv)).toBe(0);
    return text;
  } finally {
    spy.mockRestore();
  }
}

describe('dsptt --help', () => {
  it('names every command, in order', async () => {
    const lines = (await printed('--help')).split('\n');
    const names = lines.flatMap((line) => /^ {2}([a-z][a-z-]*) {2,}\S/.exec(line)?.[1] ?? []);
    expect(names).toEqual([...COMMANDS.map(({ name }) => name), 'help']);
  });

  it.each([[['run', '--help']], [['help', 'run']]])('shows the options of a command: %p', async (argv) => {
    expect(await printed(...argv)).toMatch(/--method <name>/);
  });
});

describe('the help of a command', () => {
  it('has examples that can be pasted where it is printed', async () => {
    expect(await printed('run', '--help')).toContain('\n  npx --no dsptt run --preset digits ');
  });

  it('ends without a stack trace where its reader has left, as in `--help | head`', async () => {
    const { child, ended } = cli.start(['run', '--help']);
    child.stdout?.destroy();
    expect(await ended).toEqual({ code: 141, stdout: '', stderr: '' });
  });
});

describe('a command line needs a worker of our own', () => {
  const lines = (...all: string[]) => all.map((line) => [line] as const);

  it.each(lines('run --preset digits', 'run --preset=wine --seed 1', 'compare --preset digits --seeds 0-5'))(
    '%s',
    (line) => {
      expect(needsWorker(line.split(' '))).toBe(true);
    },
  );

  it.each(
    lines(
      'run --preset himmelblau',
      'run --preset nonsense',
      'run --preset',
      'run --config mine.yaml',
      'run --preset digits --help',
      'help run',
      'run --preset digits --worker tcp://gpu:7000 --keys k',
      'run --preset digits --worker=tcp://gpu:7000',
      'resume runs/first',
      'doctor',
      'quickstart',
      '--help',
    ),
  )('not for sure: %s', (line) => {
    expect(needsWorker(line.split(' '))).toBe(false);
  });
});
