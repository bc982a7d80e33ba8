import fs from 'node:fs';
import path from 'node:path';
import { keptRun } from '../../journals/kept';
import { CommandLine, type Ended } from '../dsptt';

/** What `dsptt report` does with its command line; what it makes is looked at in test/report/page and test/browser. */
describe('dsptt report', () => {
  const cli = new CommandLine();
  const [dspTt, swa] = ['dsp-tt', 'swa'].map((name) => keptRun(path.join('0.1.0', name)));
  let lines: Ended[];

  beforeAll(async () => {
    cli.write('notes.md', '# my own notes\n');
    fs.mkdirSync(path.join(cli.directory, 'empty'));
    fs.cpSync(dspTt, path.join(cli.directory, 'newer'), { recursive: true });
    const result = JSON.parse(cli.read('newer/result.json'));
    cli.write('newer/result.json', JSON.stringify({ ...result, schema: 2 }));
    fs.cpSync(dspTt, path.join(cli.directory, 'cut'), { recursive: true });
    cli.write('cut/result.json', cli.read('cut/result.json').slice(0, 500));
    lines = await cli.runInOneProcess([
      ['run', '--preset=himmelblau', '--out=himmelblau', '--quiet'],
      ['report', 'himmelblau', '--format=terminal'],
      ['report', 'himmelblau', '--out=optima.html', '--figures=charts', '--title=Four optima'],
      ['report', 'himmelblau', '--out=optima.md'],
      ['report', 'himmelblau', '--out=optima.html'],
      ['report', 'himmelblau', dspTt],
      ['report', 'empty'],
      ['report', 'nowhere'],
      ['report', 'newer'],
      ['report', dspTt, dspTt],
      ['report', 'himmelblau', '--out=notes.md'],
      ['report', 'himmelblau', '--out=optima.pdf'],
      ['report', dspTt, swa, '--format=terminal'],
      ['report', 'himmelblau', '--out=notes.md/report.html'],
      ['report', 'himmelblau', '--out=/proc/nowhere/report.html'],
      ['report', 'cut'],
    ]);
  });

  it('prints a run on a terminal', () => {
    expect(lines[1]).toMatchObject({ code: 0, stderr: '' });
    expect(lines[1].stdout).toMatch(/^Optima of himmelblau\n/);
    expect(lines[1].stdout.replace(/\s+/g, ' ')).toContain('4 of the 4 known beforehand');
  });

  it('writes a page, and its charts and their data as files', () => {
    expect(lines[2]).toMatchObject({ code: 0, stdout: 'Report: optima.html\nFigures: charts\n', stderr: '' });
    expect(fs.readdirSync(path.join(cli.directory, 'charts')).sort()).toEqual([
      'optima-exits.csv',
      'optima.csv',
      'optima.svg',
    ]);
    expect(cli.read('charts/optima.csv').split('\n')).toHaveLength(6);
  });

  it('writes Markdown with its pictures beside it', () => {
    expect(lines[3]).toMatchObject({ code: 0, stderr: '' });
    expect(cli.read('optima.md')).toContain('](optima-figures/optima.svg)');
    expect(cli.has('optima-figures/optima.svg')).toBe(true);
  });

  it('makes a report again, but replaces nothing else', () => {
    expect(lines[4].code).toBe(0);
    expect(cli.read('optima.html')).toContain('<h1>Optima of himmelblau</h1>');
    expect(lines[10]).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('notes.md exists already, and is no report of dsptt'),
    });
    expect(cli.read('notes.md')).toBe('# my own notes\n');
  });

  it('compares finished runs', () => {
    expect(lines[12]).toMatchObject({ code: 0, stderr: '' });
    expect(lines[12].stdout).toMatch(/│ DSP-TT tier-0-1 +│/);
    expect(lines[12].stdout).toContain('In all rows less DSP-TT tier-0-1: SWA; ');
  });

  it.each([
    [
      5,
      2,
      /UsageError: himmelblau is a run on the function himmelblau, .* one on wine: a report is of runs on the same data/,
    ],
    [6, 1, /DataError: empty is no run directory: it has no config\.json/],
    [7, 1, /DataError: nowhere is no run directory: there is nothing of that name/],
    [8, 1, /DataError: newer\/result\.json is of schema 2, which a newer version of dsptt wrote/],
    [9, 2, /UsageError: .* are both of dsp-tt with seed 0: name one of them/],
    [11, 2, /UsageError: --out optima\.pdf ends neither in \.html nor in \.md/],
    [13, 1, /^DataError: cannot write notes\.md\/report\.html: not a directory \(ENOTDIR\)\n$/],
    [14, 1, /^DataError: cannot write \/proc\/nowhere\/report\.html: no such file or directory \(ENOENT\)\n$/],
    [
      15,
      1,
      /^DataError: cut\/result\.json is damaged, it is no JSON: .* `npx --no dsptt resume cut` makes it again\n$/,
    ],
  ])('says what is wrong (line %i)', (line, code, message) => {
    expect(lines[line]).toMatchObject({ code, stdout: '' });
    expect(lines[line].stderr).toMatch(message);
  });

  it('leaves nothing where it failed', () => {
    expect(cli.has('report.html')).toBe(false);
    expect(cli.has('optima.pdf')).toBe(false);
  });
});
