import fs from 'node:fs';
import path from 'node:path';
import { DataError, JournalError } from '../../src/errors';
import { readRun } from '../../src/store/run-record';
import { failureOf, temporaryDirectory } from '../builders';
import { journalOf, keptRun, recordsOf, unfinishedCopy } from '../journals/kept';

const root = temporaryDirectory();
const DSP_TT = path.join('0.1.0', 'dsp-tt');

/** A copy of a kept run, finished as it is. */
function finishedCopy(): string {
  const copy = fs.mkdtempSync(path.join(root, 'run-'));
  fs.cpSync(keptRun(DSP_TT), copy, { recursive: true });
  return copy;
}

describe('a run directory', () => {
  it('is read with its configuration, data, records and result', async () => {
    const run = await readRun(keptRun(DSP_TT));
    if (run.kind !== 'network') throw new Error('it holds a run on networks');
    expect(run.config.method).toBe('dsp-tt');
    expect(run.opened).toMatchObject({ classes: ['class_0', 'class_1', 'class_2'], device: 'cpu' });
    expect(run.records).toHaveLength(recordsOf(keptRun(DSP_TT)).length);
    expect(run.result?.method).toBe('dsp-tt');
  });

  it('is read as far as the run has got', async () => {
    const run = await readRun(unfinishedCopy(DSP_TT, root));
    expect(run).toMatchObject({ kind: 'network', result: null, config: { method: 'dsp-tt' } });
  });

  it('is read where its run has not opened its data yet', async () => {
    const copy = unfinishedCopy(DSP_TT, root);
    fs.rmSync(journalOf(copy));
    expect(await readRun(copy)).toMatchObject({ opened: null, header: null, records: [] });
  });

  it.each([
    [
      'nothing',
      (copy: string) => fs.rmSync(copy, { recursive: true }),
      /is no run directory: there is nothing of that name/,
    ],
    [
      'no config.json',
      (copy: string) => fs.rmSync(path.join(copy, 'config.json')),
      /is no run directory: it has no config\.json/,
    ],
    [
      'a result of a newer version',
      (copy: string) => rewriteResult(copy, { schema: 2 }),
      /result\.json is of schema 2, which a newer version/,
    ],
    [
      'a damaged result',
      (copy: string) => rewriteResult(copy, { members: 'none' }),
      /result\.json is not a result of schema 1/,
    ],
  ])('that is %s is refused by name', async (_, damage, message) => {
    const copy = finishedCopy();
    damage(copy);
    const error = await failureOf(readRun(copy));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(copy);
  });

  it('with a damaged journal is refused, and the file named', async () => {
    const copy = finishedCopy();
    const lines = fs.readFileSync(journalOf(copy), 'utf8').split('\n');
    lines[2] = lines[2].replace(/[0-9]/, (digit) => String((Number(digit) + 1) % 10));
    fs.writeFileSync(journalOf(copy), lines.join('\n'));
    const error = await failureOf(readRun(copy));
    expect(error).toBeInstanceOf(JournalError);
    expect(error.message).toContain(`${journalOf(copy)} is damaged in line 3`);
  });
});

function rewriteResult(run: string, over: object): void {
  const file = path.join(run, 'result.json');
  fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(file, 'utf8')), ...over }));
}
