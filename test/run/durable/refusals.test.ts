import fs from 'node:fs';
import disks from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../../src/config/schema';
import { digestOf } from '../../../src/run/durable/recorder';
import { resume } from '../../../src/run/resume';
import type { JournalRecord, ResultRecord } from '../../../src/store/journal/record';
import { failureOf, tinyConfig } from '../../builders';
import {
  DurableRuns,
  hashesOf,
  once,
  PLACES,
  type Remains,
  recordsOf,
  remainsOf,
  type Settings,
  SMALL,
  writeRecords,
} from './runs';

const config = tinyConfig(SMALL);
const runs = new DurableRuns();
let undisturbed: Remains;

beforeAll(async () => {
  const out = runs.fresh();
  await runs.run(config, out);
  undisturbed = remainsOf(out);
});

/** Go on with a run; answers the error, after which the directory must be what it was. */
async function refusal(configured: Config, out: string, settings: Settings = {}): Promise<Error> {
  const before = hashesOf(out);
  const error = await failureOf(runs.run(configured, out, { resume: true, ...settings }));
  expect(hashesOf(out)).toEqual(before);
  return error;
}

describe('a run that would not go on as it began', () => {
  it('is refused where config.json was changed, and goes on once that is undone', async () => {
    const out = await runs.interrupted(config, PLACES['a descent']);
    const file = path.join(out, 'config.json');
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace('"seed": 0', '"seed": 1'));
    expect(await refusal({ ...config, seed: 1 }, out)).toMatchObject({
      kind: 'DeterminismError',
      message: expect.stringMatching(/config\.json of .* is not the configuration that its journal was begun with/),
    });
    fs.writeFileSync(file, text);
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it('is refused without its journal, which nothing else can replace', async () => {
    const out = await runs.interrupted(config, PLACES['a descent']);
    fs.rmSync(path.join(out, 'journal.jsonl'));
    expect(await refusal(config, out)).toMatchObject({
      kind: 'JournalError',
      message: `${out} holds a run, but its journal has no beginning: restore journal.jsonl, or remove the directory and start again`,
    });
  });

  it('is refused with other settings than those in its directory, which are named', async () => {
    const out = await runs.interrupted(config, PLACES['a descent']);
    expect(await refusal({ ...config, seed: 1 }, out)).toMatchObject({
      kind: 'UsageError',
      message: expect.stringContaining('other settings (seed is 0 there, 1 is wanted)'),
    });
  });

  it('is refused where its journal has another command, and both are shown', async () => {
    const out = await runs.interrupted(config, PLACES['a descent']);
    const changed = recordsOf(out).map((record): JournalRecord => {
      const isIt = record.kind === 'command' && record.op === 'newPath';
      return isIt ? { ...record, args: { ...record.args, scale: 'gaussian' } } : record;
    });
    writeRecords(out, changed);
    expect(await refusal(config, out)).toMatchObject({
      kind: 'DeterminismError',
      message: expect.stringMatching(
        /^command \d+ of this run .*The journal has .*"scale":"gaussian".*, now it is .*"scale":"layer"/,
      ),
    });
  });

  it('is refused where a command that is made again answers otherwise than its journal says', async () => {
    const out = await runs.interrupted(config, PLACES['a descent'], { checkpointMinutes: 1000 });
    fs.rmSync(path.join(out, 'checkpoints'), { recursive: true, force: true });
    const whole = recordsOf(out);
    writeRecords(out, withAnotherLoss(whole, 'descend'));
    expect(await refusal(config, out)).toMatchObject({
      kind: 'DeterminismError',
      message: expect.stringMatching(
        /^command \d+ \(descend\) was repeated and did not answer as the journal says \(its numbers differ by 0\.5 at most\)/,
      ),
    });
    writeRecords(out, whole);
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(undisturbed);
  });
});

/** The first result of an operation has another loss, and is sealed as if it had always had it. */
function withAnotherLoss(records: readonly JournalRecord[], op: string): JournalRecord[] {
  const first = records.find((record) => record.kind === 'command' && record.op === op);
  return records.map((record) => {
    const isIt = record.kind === 'result' && first?.kind === 'command' && record.c === first.c;
    return isIt ? withHigherLoss(record) : record;
  });
}

function withHigherLoss(record: ResultRecord): ResultRecord {
  const ref = record.tensors?.loss;
  if (ref === undefined || !('inline' in ref)) throw new Error('its loss was expected in the record');
  const loss = new Float32Array(Uint8Array.from(Buffer.from(ref.inline, 'base64')).buffer);
  loss[0] += 0.5;
  const inline = Buffer.from(loss.buffer).toString('base64');
  const { captured } = record.tensors ?? {};
  const arrays = { loss, ...(captured !== undefined && { captured: new Float32Array(0) }) };
  return {
    ...record,
    digest: digestOf(record.fields, arrays),
    tensors: { ...record.tensors, loss: { ...ref, inline } },
  };
}

describe('a run directory that another run works in', () => {
  it('is refused, and the run there goes on', async () => {
    const out = runs.fresh();
    let second: Promise<Error> | undefined;
    const onEvent = once(PLACES['the search'], () => {
      second = failureOf(runs.run(config, out, { resume: true }));
    });
    await runs.run(config, out, { onEvent });
    expect(await second).toMatchObject({
      kind: 'UsageError',
      message: expect.stringMatching(new RegExp(`^process ${process.pid} works in ${out}`)),
    });
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it('is refused as a new one where it exists', async () => {
    const out = await runs.interrupted(config, PLACES['tier 0']);
    expect(await refusal(config, out, { resume: false })).toMatchObject({ kind: 'UsageError' });
  });
});

describe('a run that would fail again', () => {
  it.each([
    ['diverges', 'DivergedError', tinyConfig({ method: 'single', localSolver: { lr: 1e30 } })],
    ['has no such network', 'ConfigError', { ...config, model: { ...config.model, name: 'no-such' } }],
  ])('leaves nothing: it %s', async (_, kind, failing) => {
    const out = runs.fresh();
    expect(await failureOf(runs.run(failing, out))).toMatchObject({ kind });
    expect(fs.existsSync(out)).toBe(false);
  });
});

describe('a disk with too little space', () => {
  it('ends a run before its first step, and says how much it may take', async () => {
    const out = runs.fresh();
    let steps = 0;
    const onEvent = ({ type }: { readonly type: string }) => {
      if (type === 'progress') steps += 1;
    };
    const space = jest
      .spyOn(disks, 'statfs')
      .mockResolvedValue({ ...(await disks.statfs('/')), bavail: 100, bsize: 4096 });
    const error = await failureOf(runs.run(config, out, { onEvent }));
    space.mockRestore();
    expect(error).toMatchObject({
      kind: 'JournalError',
      message: expect.stringMatching(
        /^the run may take \d+ MiB in .*, but its disk has 1 MiB left: free some, or name another directory with --out$/,
      ),
    });
    expect(steps).toBe(0);
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(undisturbed);
  });
});

describe('dsptt resume', () => {
  const nowhere = { python: '/nowhere/python' };
  /** A run that was interrupted, with another model in its configuration. */
  async function withModel(model: Partial<Config['model']>): Promise<string> {
    const out = await runs.interrupted(config, PLACES['tier 0']);
    const changed = { ...config, model: { ...config.model, args: {}, ...model } };
    fs.writeFileSync(path.join(out, 'config.json'), JSON.stringify(changed));
    return out;
  }

  it('imports no code that a run directory names, unless it is trusted', async () => {
    const out = await withModel({ name: null, python: '/somewhere/own.py' });
    expect(await failureOf(resume(out, nowhere))).toMatchObject({
      kind: 'UsageError',
      message: expect.stringMatching(/names code to be imported, \/somewhere\/own\.py.*--trust-code/),
    });
    expect(await failureOf(resume(out, { ...nowhere, trustCode: true }))).toMatchObject({ kind: 'WorkerError' });
  });

  it('sends the user of a network that a script has built to that script', async () => {
    const out = await withModel({ name: 'handed' });
    expect(await failureOf(resume(out, nowhere))).toMatchObject({
      kind: 'UsageError',
      message: expect.stringContaining(`run that script with { out: '${out}', resume: true }`),
    });
  });

  it('says so where there is no run', async () => {
    expect(await failureOf(resume(runs.fresh(), nowhere))).toMatchObject({
      kind: 'DataError',
      message: expect.stringContaining('is no run directory'),
    });
  });
});
