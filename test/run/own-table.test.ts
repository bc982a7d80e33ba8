import fs from 'node:fs';
import path from 'node:path';
import { resolveConfig } from '../../src/config/resolve';
import type { Config } from '../../src/config/schema';
import { ConfigError, DataError } from '../../src/errors';
import { predict } from '../../src/inference/predict';
import { Session } from '../../src/run/session/session';
import { samplesSchema } from '../../src/store/samples';
import { failureOf, temporaryDirectory } from '../builders';

const SECONDS = Array.from({ length: 60 }, (_, row) => (row * 37) % 100);
const TIMES = SECONDS.map((second) => 1_700_000_000 + second);

/** So few validation rows give no temperature to rely on. */
const FEW_ROWS = /^The calibrated loss says little: /;

/** A run of one network on a table, by its seconds early or late. */
function onTable(folder: string, args: Readonly<Record<string, unknown>> = {}): Config {
  const values = {
    dataset: { name: 'csv', args: { file: 't.csv', ...args }, dir: folder },
    model: { name: 'mlp', args: { hidden: [8] } },
    batchSize: 16,
    threads: 1,
    budget: { steps: 100 },
    method: 'single',
  };
  return resolveConfig([{ from: 'test', values }]);
}

describe('a run on a table of the user', () => {
  let session: Session;
  const directory = temporaryDirectory();
  beforeAll(async () => {
    session = await Session.start();
  });
  afterAll(() => session.close());

  /** Writes a table of columns and the label, and returns its folder. */
  function table(name: string, head: string, cells: (row: number) => readonly (string | number)[]): string {
    const folder = path.join(directory, name);
    fs.mkdirSync(folder);
    const rows = SECONDS.map((second, row) => [...cells(row), second > 50 ? 'late' : 'early'].join('|'));
    fs.writeFileSync(path.join(folder, 't.csv'), [head, ...rows].join('\n'));
    return folder;
  }

  it('learns from Unix times as from seconds, and leaves out a column that never changes', async () => {
    const small = table('small', 't|kind', (row) => [SECONDS[row]]);
    const large = table('large', 'one|t|kind', (row) => [1e9 + 0.1, TIMES[row]]);
    const [ours, theirs] = [path.join(small, 'run'), path.join(large, 'run')];
    const seconds = await session.run(onTable(small, { delimiter: '|', target: 'kind' }), { out: ours });
    const told: string[] = [];
    const times = await session.run(onTable(large, { delimiter: '|', target: 'kind' }), {
      out: theirs,
      onEvent: (event) => event.type === 'notice' && told.push(event.message),
    });
    expect(times.members[0].trainLoss).toBeCloseTo(seconds.members[0].trainLoss ?? Number.NaN, 4);
    expect(times.notices).toEqual([
      'columns of t.csv that are left out, because all training rows have the same number in them: one',
      expect.stringMatching(FEW_ROWS),
    ]);
    expect(told).toEqual(times.notices?.slice(0, 1));
    const samples = samplesSchema.parse(JSON.parse(fs.readFileSync(path.join(theirs, 'data.json'), 'utf8')));
    expect(samples).toMatchObject({
      columns: ['t'],
      dtype: 'float64',
      table: { delimiter: '|', target: 2, unused: [0] },
    });
  });

  it('predicts the table that it was trained on', async () => {
    const folder = path.join(directory, 'large');
    const out = path.join(folder, 'out.csv');
    const done = await predict(path.join(folder, 'run'), { inputs: [path.join(folder, 't.csv')], out });
    expect(done).toMatchObject({ samples: 60, notices: ['columns of t.csv that are not used: one, kind'] });
    const answers = fs.readFileSync(out, 'utf8').trim().split('\n').slice(1);
    expect(new Set(answers.map((line) => line.split(',')[2])).size).toBeGreaterThan(10);
  });

  it('asks whether a first line of numbers holds names, and begins nothing', async () => {
    const folder = table('years', '2019|2020|2021', (row) => [(row % 7) / 8, (row % 11) / 8]);
    const out = path.join(folder, 'run');
    const error = await failureOf(session.run(onTable(folder, { delimiter: '|' }), { out }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(
      /first line of .*t\.csv \(2019, 2020, 2021\) may be names or a sample: set dataset\.args/,
    );
    expect(fs.existsSync(out)).toBe(false);
    const { notices } = await session.run(onTable(folder, { delimiter: '|', header: 'yes' }), { out });
    expect(notices).toEqual([expect.stringMatching(FEW_ROWS)]);
  });

  it('ends without the advice to resume where a cell has thousands of digits', async () => {
    const folder = table('digits', 't|a|kind', (row) => [TIMES[row], '9'.repeat(5000)]);
    const error = await failureOf(session.run(onTable(folder, { delimiter: '|' }), { out: path.join(folder, 'run') }));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/line 2, column 1 \(a\) is beyond what 32 bits can hold/);
    expect(error.message).not.toContain('resume');
  });
});
