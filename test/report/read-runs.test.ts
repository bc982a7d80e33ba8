import fs from 'node:fs';
import path from 'node:path';
import { DataError } from '../../src/errors';
import { reportRuns } from '../../src/report/read-runs';
import { failureOf, temporaryDirectory } from '../builders';
import { journalOf, keptRun } from '../journals/kept';

const root = temporaryDirectory();

/** A copy of a kept run in a folder, with only some of its files. */
function copied(name: string, folder: string, lacking: readonly string[] = []): string {
  const copy = path.join(root, folder, name);
  fs.cpSync(keptRun(path.join('0.1.0', name)), copy, { recursive: true });
  for (const file of lacking) fs.rmSync(path.join(copy, file));
  return copy;
}

describe('the runs of a report', () => {
  it('are those of a folder and of comparisons in it; what is not whole there is said', async () => {
    const dspTt = copied('dsp-tt', 'runs');
    const fge = copied('fge', 'runs/compared', ['result.json']);
    const swa = copied('swa', 'runs/compared', ['result.json', 'config.json']);
    const { runs, notices, comparison } = await reportRuns([path.join(root, 'runs')]);
    expect(runs.map((run) => run.path)).toEqual([fge, dspTt]);
    expect(notices).toEqual([
      `${fge} has not finished: it is shown as far as it has got`,
      `${swa} is left out: its run is only just beginning`,
    ]);
    expect(comparison).toBeNull();
  });

  it('that are named are shown without a word, finished or not', async () => {
    const { runs, notices } = await reportRuns([copied('swa', 'named', ['result.json'])]);
    expect(runs).toMatchObject([{ result: null }]);
    expect(notices).toEqual([]);
  });

  it.each([
    ['holds none', () => fs.mkdtempSync(path.join(root, 'empty-')), /is no run directory: it has no config\.json/],
    ['is none yet', () => copied('fge', 'begun', ['result.json', 'config.json']), /it has no config\.json/],
  ])('are refused where a directory that was named %s', async (_, directory, words) => {
    const error = await failureOf(reportRuns([directory()]));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(words);
  });

  it('are refused where one is damaged, also one that was found', async () => {
    const damaged = copied('fge', 'damaged', ['result.json']);
    copied('swa', 'damaged');
    fs.writeFileSync(
      journalOf(damaged),
      fs.readFileSync(journalOf(damaged), 'utf8').replace('"op":"open"', '"op":"x"'),
    );
    expect((await failureOf(reportRuns([path.join(root, 'damaged')]))).message).toMatch(/journal\.jsonl is damaged/);
  });
});
