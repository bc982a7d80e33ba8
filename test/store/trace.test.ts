import fs from 'node:fs';
import path from 'node:path';
import { DataError } from '../../src/errors';
import { numbersIn, readTrace } from '../../src/store/trace';
import { temporaryDirectory } from '../builders';

const directory = temporaryDirectory();

function written(text: string): string {
  const run = fs.mkdtempSync(path.join(directory, 'run'));
  fs.mkdirSync(path.join(run, 'traces'));
  fs.writeFileSync(path.join(run, 'traces', 'search.csv'), text);
  return run;
}

describe('a trace', () => {
  it('is read as columns by name, numbers to the last bit', async () => {
    const trace = await readTrace(
      written('step,path,loss\n0,a,0.30000000000000004\n1,b,NaN\n2,a,Infinity\n'),
      'search',
    );
    expect(trace.path).toEqual(['a', 'b', 'a']);
    expect(numbersIn(trace, 'loss')).toEqual(Float64Array.of(0.1 + 0.2, Number.NaN, Number.POSITIVE_INFINITY));
  });

  it.each([
    ['a row that is cut off', 'step,loss\n0,1\n1'],
    ['a row that is too long', 'step,loss\n0,1,2\n'],
  ])('is refused with %s', async (_what, text) => {
    await expect(readTrace(written(text), 'search')).rejects.toThrow(DataError);
  });

  it('is refused where it is missing, by its path', async () => {
    await expect(readTrace(directory, 'search')).rejects.toThrow(path.join(directory, 'traces', 'search.csv'));
  });

  it('says which cell of a column is no number, and which column is not there', async () => {
    const trace = await readTrace(written('step,loss\n0,1\n1,x\n'), 'search');
    expect(() => numbersIn(trace, 'loss')).toThrow("column loss of the trace holds no number in row 2: 'x'");
    expect(() => numbersIn(trace, 'growth')).toThrow('no column growth');
  });

  it('has no empty cells for numbers', async () => {
    const trace = await readTrace(written('step,loss\n0,\n'), 'search');
    expect(() => numbersIn(trace, 'loss')).toThrow(DataError);
  });
});
