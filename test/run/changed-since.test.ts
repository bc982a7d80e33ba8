import fs from 'node:fs';
import path from 'node:path';
import type { ConfigInput } from '../../src/config/schema';
import { describeData } from '../../src/run/describe-data';
import { digestOf } from '../../src/run/durable/recorder';
import { resume } from '../../src/run/resume';
import { Session } from '../../src/run/session/session';
import type { JournalRecord } from '../../src/store/journal/record';
import { readConfig, readResult } from '../../src/store/run-directory';
import { openRun } from '../../src/verification/open-run';
import { failureOf, tinyConfig } from '../builders';
import { DurableRuns, PLACES, type Remains, recordsOf, remainsOf, writeRecords } from './durable/runs';

const runs = new DurableRuns();
const started = process.cwd();
const project = path.join(runs.directory, 'project');
fs.mkdirSync(project);
process.chdir(project); // the workers of `runs` start here
const write = (name: string, text: string) => fs.writeFileSync(path.join(project, name), text);

const NET = `
from torch import nn
from blocks import activation

def defineModel(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs[0], 8), activation(), nn.Linear(8, outputs))
`;
const BLOCKS = 'from torch.nn import ReLU as activation\n';
const ROWS = Array.from({ length: 90 }, (_, k) => [k % 7, (k * k) % 11, (k * 5) % 13, k % 3 === 0 ? 'yes' : 'no']);
const tableOf = (rows: readonly (readonly unknown[])[]) => ['a,b,c,y', ...rows].map((row) => `${row}\n`).join('');
const TABLE = tableOf(ROWS);
const SOME: ConfigInput = {
  dataset: { name: 'csv', args: { file: 't.csv', target: 'y' }, dir: '.' },
  model: { python: 'net.py' },
  batchSize: 16,
  budget: { steps: 250 },
};
const config = tinyConfig(SOME, { model: { weights: 'start.safetensors' } });
let undisturbed: Remains;

beforeAll(async () => {
  write('net.py', NET);
  write('blocks.py', BLOCKS);
  write('t.csv', TABLE);
  const first = runs.fresh();
  await runs.run(tinyConfig(SOME, { method: 'single', budget: { steps: 20 } }), first);
  fs.copyFileSync(path.join(first, 'members', 'tier0.safetensors'), path.join(project, 'start.safetensors'));
  await runs.run(config, 'runs/whole');
  undisturbed = remainsOf('runs/whole');
});
afterEach(() => process.chdir(started));
afterAll(() => process.chdir(started));

/** A run in the project that was interrupted in a descent. */
async function interrupted(name: string): Promise<string> {
  process.chdir(project);
  await runs.interrupt(config, `runs/${name}`, PLACES['a descent']);
  return path.join(project, 'runs', name);
}

/** The result and the files of a run, but for the place that it was made in. */
function withoutPlace({ files, result }: Remains): unknown {
  const { 'config.json': _, ...others } = files;
  return { result, files: others };
}

describe('an interrupted run', () => {
  let out: string;
  beforeAll(async () => {
    out = await interrupted('changed');
  });

  it.each([
    ['its model file', 'net.py', NET.replace('8', '8 '), 'net.py, which builds the network, has changed since'],
    ['what its model imports', 'blocks.py', BLOCKS.replace('ReLU', 'Tanh'), 'blocks.py, which builds the network, has'],
    ['a label', 't.csv', TABLE.replace('no', 'yes'), 'the data have changed since'],
    ['a number', 't.csv', TABLE.replace('6,', '6.5,'), 'the data have changed since'],
    ['the order of its rows', 't.csv', tableOf(ROWS.toReversed()), 'the data have changed since'],
    ['a row', 't.csv', tableOf([...ROWS, [1, 2, 3, 'no']]), 'the data have changed since'],
  ])('is refused, by name, once %s has changed', async (_, file, text, words) => {
    process.chdir(project);
    const before = fs.readFileSync(file, 'utf8');
    expect(text).not.toBe(before);
    write(file, text);
    const error = await failureOf(resume(out, { trustCode: true }));
    write(file, before);
    expect(error).toMatchObject({ kind: 'DeterminismError', message: expect.stringContaining(words) });
    expect(error.message).not.toContain('dsptt resume');
  });

  it('is refused once its weights have changed, and once a further file builds its network', async () => {
    process.chdir(project);
    const weights = fs.readFileSync('start.safetensors');
    const others = Buffer.from(weights);
    others[others.length - 1] ^= 1;
    fs.writeFileSync('start.safetensors', others);
    const changed = await failureOf(resume(out, { trustCode: true }));
    fs.writeFileSync('start.safetensors', weights);
    expect(changed.message).toContain('the file of weights that the networks start from has changed since');
    fs.renameSync('blocks.py', 'pieces.py');
    fs.mkdirSync('blocks');
    write('blocks/__init__.py', 'from pieces import activation\n');
    const further = await failureOf(resume(out, { trustCode: true }));
    fs.rmSync('blocks', { recursive: true });
    fs.renameSync('pieces.py', 'blocks.py');
    expect(further.message).toMatch(/^(pieces\.py|blocks\/__init__\.py) builds the network as well since/);
  });

  it('goes on, once all of it is as it was, to the same bits', async () => {
    process.chdir(project);
    await resume(out, { trustCode: true });
    expect(withoutPlace(remainsOf(out))).toEqual(withoutPlace(undisturbed));
  });
});

describe('a run whose journal is of an earlier version', () => {
  const LATER = ['samplesSha256', 'code', 'weightsSha256'];

  it('goes on, and nothing is compared: the journal names the place of its model, and has no hashes', async () => {
    const out = await interrupted('earlier');
    const older = recordsOf(out).map((record): JournalRecord => {
      if (record.kind === 'command' && record.op === 'open') {
        const model = { ...config.model, python: '/elsewhere/net.py', weights: '/elsewhere/start.safetensors' };
        return { ...record, args: { ...record.args, model } };
      }
      if (record.kind !== 'result' || record.c !== 0) return record;
      const kept = Object.entries(record.fields).filter(([name]) => !LATER.includes(name));
      const fields = Object.fromEntries(kept);
      return { ...record, fields, digest: digestOf(fields, {}) };
    });
    writeRecords(out, older);
    const { madeIn: _, ...stated } = JSON.parse(fs.readFileSync(path.join(out, 'config.json'), 'utf8'));
    fs.writeFileSync(path.join(out, 'config.json'), JSON.stringify(stated));
    await resume(out, { trustCode: true });
    const { samplesSha256, network } = await readResult(out);
    const { members, ensembles } = await readResult('runs/whole');
    expect({ samplesSha256, code: network?.code }).toEqual({ samplesSha256: undefined, code: undefined });
    expect(remainsOf(out).result).toMatchObject({ members, ensembles });
  });
});

describe('a finished run', () => {
  it('knows the hash of all that it was made of', async () => {
    const { samplesSha256, network } = await readResult(path.join(project, 'runs', 'whole'));
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(samplesSha256).toEqual(hash);
    expect(network).toMatchObject({ code: { 'blocks.py': hash, 'net.py': hash }, weightsSha256: hash });
    const configured = await readConfig(path.join(project, 'runs', 'whole'));
    expect(configured).toEqual(config);
  });

  it('gets no description of its samples from other data, and is not verified with another model', async () => {
    process.chdir(project);
    const out = path.join(project, 'runs', 'whole');
    const description = fs.readFileSync('runs/whole/data.json', 'utf8');
    fs.rmSync('runs/whole/data.json');
    process.chdir(started);
    write('t.csv', TABLE.replace('6,', '6.5,'));
    const refused = await failureOf(describeData(out, { trustCode: true }));
    write('t.csv', TABLE);
    expect(refused.message).toMatch(/^the .* data are not those that .* was made with/);
    await describeData(out, { trustCode: true });
    expect(fs.readFileSync(path.join(out, 'data.json'), 'utf8')).toBe(description);
    write('blocks.py', BLOCKS.replace('ReLU', 'Tanh'));
    await using session = await Session.start();
    const run = { path: out, config: { ...config, dataset: { ...config.dataset, dir: project } } };
    const opening = openRun(session, { ...run, result: await readResult(out) }, {});
    await expect(opening).rejects.toThrow('blocks.py, which builds the network, has changed since the run was made');
    write('blocks.py', BLOCKS);
  });
});

describe('a project that was moved', () => {
  it('is resumed with its model, weights and data, from any folder', async () => {
    const out = await interrupted('moved');
    const moved = path.join(runs.directory, 'moved');
    fs.cpSync(project, moved, { recursive: true });
    write('blocks.py', BLOCKS.replace('ReLU', 'Tanh'));
    write('t.csv', TABLE.replace('6,', '6.5,'));
    process.chdir(started);
    await resume(path.join(moved, 'runs', 'moved'), { trustCode: true });
    expect(withoutPlace(remainsOf(path.join(moved, 'runs', 'moved')))).toEqual(withoutPlace(undisturbed));
    write('t.csv', TABLE);
    write('blocks.py', BLOCKS);
    await resume(path.relative(started, out), { trustCode: true });
    expect(withoutPlace(remainsOf(out))).toEqual(withoutPlace(undisturbed));
  });
});
