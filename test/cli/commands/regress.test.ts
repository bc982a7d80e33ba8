import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { main } from '../../../src/cli/main';
import { temporaryDirectory } from '../../builders';
import { aTable } from '../../paper/a-table';

const temporary = temporaryDirectory();
afterEach(() => {
  process.exitCode = undefined; // the command sets it for its own process
});

function write(name: string, content: object | string): string {
  const file = path.join(temporary, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** Run it in this process; answers the exit code and what it printed. */
async function regress(...args: string[]): Promise<{ code: number; printed: string }> {
  let printed = '';
  const keep = (text: unknown) => {
    printed += String(text);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockImplementation(keep));
  try {
    const code = await main(['regress', ...args]);
    return { code, printed: stripVTControlCharacters(printed) }; // colours depend on where the tests run (CI=true turns them on)
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const WORSE = { 'resnet/dsp-tt': [{ testErrorPct: 5.5 }] };

describe('dsptt regress', () => {
  it('ends with 0 where nothing is worse, and shows each number', async () => {
    const { code, printed } = await regress(write('good/table3.json', aTable('table3')));
    expect(code).toBe(0);
    expect(printed).toContain('resnet/dsp-tt-full-train');
    expect(printed).toMatch(/10 not worse, 0 worse, 0 diverged, 0 not measured\.\n$/);
  });

  it('ends with 1 where a number is worse, and says which', async () => {
    const { code, printed } = await regress(write('worse/table3.json', aTable('table3', WORSE)));
    expect(code).toBe(1);
    // the columns that do not fit side by side follow below
    const cells = [...printed.matchAll(/resnet\/dsp-tt +│ testErrorPct +│ +([^\n]*?) +│$/gm)].map(([, rest]) => rest);
    expect(cells.flatMap((rest) => rest.split(/ +│ +/)).slice(0, 5)).toEqual([
      'worse',
      '4.530',
      '5.500',
      '+0.970',
      '0.300',
    ]);
  });

  it('takes another tolerance', async () => {
    expect((await regress(write('worse/table3.json', aTable('table3', WORSE)), '--tolerance', '1')).code).toBe(0);
  });

  it('reads all tables of a directory', async () => {
    write('both/table3.json', aTable('table3'));
    write('both/table4.json', aTable('table4', { 'tier-1(#2)': [{ testErrorPct: 9 }] }));
    const { code, printed } = await regress(path.join(temporary, 'both'), '--json');
    const judgements: { table: string; verdict: string }[] = JSON.parse(printed);
    expect(code).toBe(1);
    expect(new Set(judgements.map(({ table }) => table))).toEqual(new Set(['table3', 'table4']));
    expect(judgements.filter(({ verdict }) => verdict === 'worse')).toHaveLength(1);
  });

  it.each([['reduced' as const], ['smoke' as const]])('refuses results at scale %s with 2', async (scale) => {
    const { code, printed } = await regress(write(`${scale}/table2.json`, aTable('table2', {}, { scale })));
    expect(code).toBe(2);
    expect(printed).toContain(`UsageError: table2 was reproduced at scale ${scale}`);
    expect(printed).toContain('--scale full');
  });

  it('refuses results without a number that could be judged', async () => {
    const empty = write('empty/table4.json', aTable('table4', {}, { rows: [] }));
    expect(await regress(empty)).toMatchObject({
      code: 2,
      printed: expect.stringContaining('no number that the paper'),
    });
  });

  it.each([
    ['nothing there', 'missing.json', null, 'is no result of dsptt reproduce'],
    ['no JSON', 'broken/table1.json', '{"schema": 1,', 'is no result of dsptt reproduce'],
    [
      'another JSON',
      'other/table1.json',
      '{"schema": 1, "table": "table9"}',
      'is not a reproduced table of schema 1: table',
    ],
  ])('says of a file with %s what is wrong with it', async (_, name, content, words) => {
    const file = content === null ? path.join(temporary, name) : write(name, content);
    const { code, printed } = await regress(file);
    expect(code).toBe(1);
    expect(printed).toContain('DataError');
    expect(printed).toContain(words);
  });

  it.each([[[]], [['x.json', '--tolerance', '-1']], [['x.json', '--tolerance', 'much']]])(
    'refuses %j',
    async (args) => {
      expect((await regress(...args)).code).toBe(2);
    },
  );
});
