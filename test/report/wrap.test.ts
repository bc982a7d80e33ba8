import { terminalTable } from '../../src/report/render';
import { lines, wrapped } from '../../src/report/wrap';

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('lines', () => {
  it('cuts a sentence between words, at most so many letters a line', () => {
    expect(lines('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(lines('unbreakable', 3)).toEqual(['unbreakable']);
  });

  it('keeps a command between backticks on one line, so that it can be pasted', () => {
    expect(lines('see `npx --no dsptt run --help`.', 12)).toEqual(['see', '`npx --no dsptt run --help`.']);
  });
});

describe('wrapped', () => {
  it('keeps the lines of a text and breaks each one', () => {
    expect(wrapped('one two\nthree four', 5)).toBe('one\ntwo\nthree\nfour');
  });
});

describe('a table of the terminal', () => {
  const head = ['network', ...Array.from({ length: 12 }, (_, k) => `measure ${k}`)];
  const rows = [0, 1].map((row) => [`tier1-${row}`, ...head.slice(1).map((_, k) => `${row}.${k}234`)]);
  const table = terminalTable({ head, rows, texts: 1 }, 80);

  it('is no wider than the terminal, and has every column and cell', () => {
    expect(widest(table)).toBeLessThanOrEqual(80);
    for (const text of [...head, ...rows.flat()]) expect(table).toContain(text);
  });

  it('repeats its first column in each part', () => {
    const parts = table.split('┌').slice(1);
    expect(parts.length).toBe(3);
    for (const part of parts) expect(part).toMatch(/^.*\n│ network .*\n.*\n│ tier1-0 .*\n│ tier1-1 /);
  });

  it('repeats the columns that tell rows apart, where the first alone does not', () => {
    const measures = ['error', 'loss'].flatMap((measure, k) =>
      ['one network', 'snapshot'].map((less) => [less, measure, `${k}.5`, (less + measure).padEnd(60, 'x'), `${k}.75`]),
    );
    const split = terminalTable({ head: ['less dsp-tt', 'in', 'mean', 'interval', 'p'], rows: measures, texts: 2 }, 80);
    expect(split).toMatch(/│ one network │ loss +│ +1\.75 │$/m);
  });

  it('states a value that all rows have once, below the parts', () => {
    const all = { head: [...head, 'seeds'], rows: rows.map((row) => [...row, '3']), texts: 1 };
    expect(terminalTable(all, 80)).toBe(`${table}\nIn all rows seeds: 3.`);
    expect(terminalTable(all, 200)).toMatch(/│ seeds │$/m);
    const alike = { ...all, rows: [all.rows[0], all.rows[0]] };
    expect(terminalTable(alike, 80)).toContain('│ tier1-0 │');
  });

  it('is one table where the terminal is wide enough', () => {
    expect(terminalTable({ head, rows, texts: 1 }, 200).split('┌').length).toBe(2);
  });

  it('shows a cell that is wider than the terminal whole', () => {
    const long = 'x'.repeat(100);
    expect(terminalTable({ head: ['name', 'model', 'size'], rows: [['a', long, '1']], texts: 2 }, 80)).toContain(long);
  });
});
