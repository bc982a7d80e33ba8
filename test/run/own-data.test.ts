import fs from 'node:fs';
import path from 'node:path';
import type { ConfigInput } from '../../src/config/schema';
import { resume } from '../../src/run/resume';
import { readResult } from '../../src/store/run-directory';
import { failureOf, tinyConfig } from '../builders';
import { DurableRuns, PLACES, remainsOf } from './durable/runs';

const runs = new DurableRuns();
const started = process.cwd();
const project = path.join(runs.directory, 'project');
fs.mkdirSync(project);
process.chdir(project); // the workers of `runs` start here

const DATA = `
import torch
from torch.utils.data import Dataset
from parts import made

class Rows(Dataset):
    def __init__(self, rows):
        self.rows = rows
    def __len__(self):
        return len(self.rows)
    def __getitem__(self, place):
        return self.rows[place], int(self.rows[place].sum() > 0)

def defineDataset(features, count=120):
    rows = made(count, features)
    return {'train': Rows(rows), 'test': Rows(-rows), 'classes': ['below', 'above'], 'normalise': 'data'}
`;
const PARTS = 'import torch\n\ndef made(count, features):\n    return torch.randn(count, features)\n';
const SOME: ConfigInput = {
  dataset: { python: 'rows.py', args: { features: 5 } },
  model: { name: 'mlp', args: { hidden: [4] } },
  batchSize: 16,
  budget: { steps: 250 },
};
const config = tinyConfig(SOME, {});

beforeAll(() => {
  fs.writeFileSync('rows.py', DATA);
  fs.writeFileSync('parts.py', PARTS);
});
afterAll(() => process.chdir(started));

describe('a run on data of a function of the user', () => {
  it('learns them, and tells what it learnt on', async () => {
    await runs.run(config, 'runs/whole');
    const { dataset, notices, samplesSha256 } = await readResult('runs/whole');
    expect({ dataset, notices }).toEqual({
      dataset: 'rows.py',
      notices: expect.arrayContaining(['validation samples were not given: 15% of those for training are taken']),
    });
    expect(samplesSha256).toMatch(/^[0-9a-f]{64}$/);
    const samples = JSON.parse(fs.readFileSync('runs/whole/data.json', 'utf8'));
    expect(samples).toMatchObject({ dataset: 'rows.py', shape: [5], classes: ['below', 'above'] });
  });

  it('goes on in another folder to the same bits, if the user trusts the code and the samples are the same', async () => {
    await runs.interrupt(config, 'runs/cut', PLACES['a descent']);
    const out = path.join(project, 'runs', 'cut');
    const untrusted = await failureOf(resume(out));
    expect(untrusted.message).toContain('names code to be imported, rows.py: look at it');
    fs.writeFileSync('parts.py', PARTS.replace('features)\n', 'features) * 2\n'));
    process.chdir(started);
    const changed = await failureOf(resume(out, { trustCode: true }));
    expect(changed).toMatchObject({ kind: 'DeterminismError' });
    expect(changed.message).toContain('the data have changed since');
    fs.writeFileSync(path.join(project, 'parts.py'), PARTS);
    await resume(out, { trustCode: true });
    const [{ files, result }, whole] = [remainsOf(out), remainsOf(path.join(project, 'runs', 'whole'))];
    expect({ result, members: Object.keys(files) }).toEqual({
      result: whole.result,
      members: Object.keys(whole.files),
    });
  });

  it('goes on after the project has moved with its runs', async () => {
    process.chdir(project);
    await runs.interrupt(config, 'runs/moving', PLACES['a descent']);
    process.chdir(started);
    const moved = path.join(runs.directory, 'moved');
    fs.cpSync(project, moved, { recursive: true });
    fs.writeFileSync(path.join(project, 'rows.py'), 'raise OSError()\n');
    await resume(path.join(moved, 'runs', 'moving'), { trustCode: true });
    fs.writeFileSync(path.join(project, 'rows.py'), DATA);
    const [{ result }, whole] = [
      remainsOf(path.join(moved, 'runs', 'moving')),
      remainsOf(path.join(project, 'runs', 'whole')),
    ];
    expect(result).toEqual(whole.result);
  });

  it.each([
    ['none.py', /dataset\.python: there is no file .*none\.py/],
    ['rows.py:other', /dataset\.python: .*rows\.py has no function 'other'; it has: .*defineDataset/],
  ])('fails in one sentence where %s names no function', async (python, words) => {
    process.chdir(project);
    const failing = { ...config, dataset: { ...config.dataset, python } };
    const error = await failureOf(runs.run(failing, 'runs/none'));
    expect(error).toMatchObject({ kind: 'ConfigError', message: expect.stringMatching(words) });
    expect(fs.existsSync('runs/none')).toBe(false);
  });
});
