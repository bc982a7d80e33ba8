import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../src/errors';
import { encodeLine } from '../../src/store/journal/record';
import { runsAt } from '../../src/watch/run-folder';
import { SummarisedRun } from '../../src/watch/summary';
import { temporaryDirectory } from '../builders';
import { journalOf, keptRun, recordsOf, rewrite, unfinishedCopy } from '../journals/kept';

const root = temporaryDirectory();
const DSP_TT = path.join('0.1.0', 'dsp-tt');

describe('the runs at a path', () => {
  it('are those of a folder, and of comparisons in it, in order', () => {
    const folder = path.join(root, 'folder');
    for (const name of ['run10', 'run9', 'both/fge-0'])
      fs.cpSync(keptRun(DSP_TT), path.join(folder, name), { recursive: true });
    fs.mkdirSync(path.join(folder, 'empty'));
    fs.symlinkSync(keptRun(DSP_TT), path.join(folder, 'link'));
    const { only, list } = runsAt(folder);
    expect({ only, names: [...list().keys()] }).toEqual({ only: null, names: ['both/fge-0', 'run9', 'run10'] });
  });

  it('is one where the path is a run', () => {
    const { only, list } = runsAt(keptRun(DSP_TT));
    expect({ only, list: list() }).toEqual({ only: 'dsp-tt', list: new Map([['dsp-tt', keptRun(DSP_TT)]]) });
  });

  it('are none in an empty folder, until one begins', () => {
    const empty = path.join(root, 'nothing');
    fs.mkdirSync(empty);
    const { only, list } = runsAt(empty);
    expect({ only, names: [...list().keys()] }).toEqual({ only: null, names: [] });
    fs.cpSync(keptRun(DSP_TT), path.join(empty, 'first'), { recursive: true });
    expect([...list().keys()]).toEqual(['first']);
  });

  it('must be there, in a folder', () => {
    const file = path.join(root, 'a-file');
    fs.writeFileSync(file, '');
    for (const [where, words] of [
      [path.join(root, 'missing'), /there is no .*missing: name a run directory/],
      [file, /a-file is a file: name a run directory/],
    ] as const) {
      expect(() => runsAt(where)).toThrow(UsageError);
      expect(() => runsAt(where)).toThrow(words);
    }
  });
});

describe('a run in the list', () => {
  const summed = (run: string) => new SummarisedRun(run, 'run').summary();

  it('that has finished has the scores of its result', async () => {
    expect(await summed(keptRun(DSP_TT))).toMatchObject({
      state: 'finished',
      method: 'dsp-tt',
      dataset: 'wine',
      steps: 120,
    });
  });

  it('that has not finished shows how far it is, and further the next time', async () => {
    const copy = unfinishedCopy(DSP_TT, root);
    const records = recordsOf(copy);
    rewrite(copy, records.slice(0, 20));
    const run = new SummarisedRun(copy, 'run');
    const first = await run.summary();
    fs.appendFileSync(journalOf(copy), records.slice(20).map(encodeLine).join(''));
    expect(first).toMatchObject({ state: 'interrupted', total: 120, members: null, problem: null });
    expect(await run.summary()).toMatchObject({ steps: 120, total: 120 });
    expect(first.steps).toBeLessThan(120);
  });

  it('that cannot be read says why, and is read once it can be', async () => {
    const copy = unfinishedCopy(DSP_TT, root);
    const config = path.join(copy, 'config.json');
    const text = fs.readFileSync(config);
    fs.writeFileSync(config, '{');
    const run = new SummarisedRun(copy, 'run');
    expect(await run.summary()).toMatchObject({ state: 'unreadable', problem: expect.stringMatching(/config\.json/) });
    fs.writeFileSync(config, text);
    expect(await run.summary()).toMatchObject({ state: 'interrupted', problem: null });
  });
});
