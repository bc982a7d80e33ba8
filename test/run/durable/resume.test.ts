import fs from 'node:fs';
import path from 'node:path';
import { describeData } from '../../../src/run/describe-data';
import { resume } from '../../../src/run/resume';
import { sha256 } from '../../../src/store/journal/arrays';
import { failureOf, tinyConfig } from '../../builders';
import { DurableRuns, hashesOf, PLACES, type Remains, remainsOf, SMALL } from './runs';

const config = tinyConfig(SMALL);
const runs = new DurableRuns();
let undisturbed: Remains;
let finished: string;

beforeAll(async () => {
  finished = runs.fresh();
  await runs.run(config, finished);
  undisturbed = remainsOf(finished);
});

describe('a run that was interrupted', () => {
  it.each(Object.entries(PLACES))('in %s goes on to the result of one that was not', async (_, isThere) => {
    const out = await runs.interrupted(config, isThere);
    expect(fs.existsSync(path.join(out, 'result.json'))).toBe(false);
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it('says how to go on', async () => {
    const [out, signal] = [runs.fresh(), AbortSignal.abort()];
    const error = await failureOf(runs.run(config, out, { signal }));
    expect(error.message).toBe(`the run was interrupted; \`npx --no dsptt resume ${out}\` resumes the run`);
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it.each([1, 8])('goes on to the same with a window of %i programs', async (window) => {
    const out = await runs.interrupted(config, PLACES['the search']);
    await runs.run(config, out, { resume: true, window });
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it.each([
    ['with a checkpoint at every occasion', 1e-9],
    ['without one in between', 1000],
  ])('can be interrupted again and again, %s', async (_, checkpointMinutes) => {
    const settings = { resume: true, checkpointMinutes };
    const out = await runs.interrupted(config, PLACES['tier 0'], { checkpointMinutes });
    await runs.interrupt(config, out, PLACES['the search'], settings);
    await runs.interrupt(config, out, PLACES['the search'], settings);
    await runs.interrupt(config, out, PLACES['a descent'], settings);
    await runs.interrupt(config, out, PLACES['the evaluation'], settings);
    await runs.run(config, out, settings);
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it('can be interrupted while it is being taken up', async () => {
    const out = await runs.interrupted(config, PLACES['a descent']);
    await runs.interrupt(config, out, ({ type }) => type === 'notice', { resume: true });
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it('keeps the network that it was given as tier 0, and goes on without its file', async () => {
    const given = { tier0: new Uint8Array(fs.readFileSync(path.join(finished, 'members', 'tier0.safetensors'))) };
    const whole = runs.fresh();
    await runs.run(config, whole, given);
    const out = await runs.interrupted(config, PLACES['the search'], given);
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(remainsOf(whole));
    const early = runs.fresh();
    await failureOf(runs.run(config, early, { ...given, signal: AbortSignal.abort() }));
    await runs.run(config, early, { resume: true });
    expect(remainsOf(early)).toEqual(remainsOf(whole));
  });
});

describe('a finished run without data.json, as earlier versions left it', () => {
  const withoutSamples = () => {
    const out = runs.fresh();
    fs.cpSync(finished, out, { recursive: true });
    fs.rmSync(path.join(out, 'data.json'));
    return out;
  };
  const filesOf = (out: string) => fs.readdirSync(out, { recursive: true }).map(String).sort();

  it('gets it by opening its data once more, and nothing else changes', async () => {
    const out = withoutSamples();
    const events: string[] = [];
    await describeData(out, { onEvent: ({ type }) => events.push(type) });
    expect(filesOf(out)).toEqual(filesOf(finished));
    expect(fs.readFileSync(path.join(out, 'data.json'))).toEqual(fs.readFileSync(path.join(finished, 'data.json')));
    expect((await resume(out)).dataSha256).toBe(sha256(fs.readFileSync(path.join(out, 'data.json'))));
    expect(events).toEqual([]); // nothing was trained
  });

  it('does not get that of other data', async () => {
    const out = withoutSamples();
    const targets = path.join(out, 'outputs', 'test', 'targets.npy');
    const content = fs.readFileSync(targets);
    content.writeFloatLE(1 + content.readFloatLE(content.length - 4), content.length - 4);
    fs.writeFileSync(targets, content);
    const { name, message } = await failureOf(describeData(out));
    expect([name, message]).toEqual([
      'DataError',
      `the test data are not those that ${out} was made with: name their folder by --data-dir`,
    ]);
    expect(fs.existsSync(path.join(out, 'data.json'))).toBe(false);
  });
});

describe('the checkpoints of an interrupted run', () => {
  /** Interrupt a run; answers its directory and the names of its checkpoints' manifests, the newest first. */
  async function withCheckpoints() {
    const out = await runs.interrupted(config, PLACES['a descent']);
    const directory = path.join(out, 'checkpoints');
    const manifests = fs.readdirSync(directory).filter((name) => name.endsWith('.json'));
    const newestFirst = manifests.sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10));
    expect(newestFirst).toHaveLength(2);
    return { out, directory, newestFirst };
  }

  /** Go on to the end; answers what was told. */
  async function goneOn(out: string): Promise<string[]> {
    const notices: string[] = [];
    await runs.run(config, out, {
      resume: true,
      onEvent: (event) => event.type === 'notice' && notices.push(event.message),
    });
    expect(remainsOf(out)).toEqual(undisturbed);
    return notices;
  }

  it('are where it goes on from', async () => {
    const { out, newestFirst } = await withCheckpoints();
    const position = Number.parseInt(newestFirst[0], 10);
    expect(await goneOn(out)).toEqual([expect.stringMatching(`from the checkpoint at command ${position}$`)]);
  });

  it('are passed over, and that is said, where a byte of them has changed', async () => {
    const { out, directory, newestFirst } = await withCheckpoints();
    const file = path.join(directory, newestFirst[0]);
    const bytes = fs.readFileSync(file);
    bytes[20] ^= 1;
    fs.writeFileSync(file, bytes);
    const position = Number.parseInt(newestFirst[1], 10);
    expect(await goneOn(out)).toEqual([
      `${file} is damaged; the checkpoint before it is taken`,
      expect.stringMatching(`from the checkpoint at command ${position}$`),
    ]);
  });

  it('are passed over where a state of theirs has changed', async () => {
    const { out, directory } = await withCheckpoints();
    for (const name of fs.readdirSync(path.join(directory, 'states'))) {
      fs.appendFileSync(path.join(directory, 'states', name), 'x');
    }
    const notices = await goneOn(out);
    expect(notices).toHaveLength(3);
    expect(notices[0]).toMatch(/is damaged: its sha256 is not the checkpoint's; the checkpoint before it is taken$/);
    expect(notices[2]).toMatch(/from its start$/);
  });

  it('may all be gone', async () => {
    const { out, directory } = await withCheckpoints();
    fs.rmSync(directory, { recursive: true });
    expect(await goneOn(out)).toEqual([expect.stringMatching(/from its start$/)]);
  });
});

describe('a run that has finished', () => {
  const nowhere = { python: '/nowhere/python' };
  const copy = (): string => {
    const out = runs.fresh();
    fs.cpSync(finished, out, { recursive: true });
    return out;
  };

  it('is answered without a worker, and left as it is', async () => {
    const before = hashesOf(finished);
    const result = await resume(finished, nowhere);
    expect(result).toEqual(JSON.parse(fs.readFileSync(path.join(finished, 'result.json'), 'utf8')));
    expect(hashesOf(finished)).toEqual(before);
  });

  it('is finished again when result.json alone is missing', async () => {
    const out = copy();
    fs.rmSync(path.join(out, 'result.json'));
    await runs.run(config, out, { resume: true });
    expect(remainsOf(out)).toEqual(undisturbed);
  });

  it('is the same when it is resumed twice as when it is resumed once', async () => {
    const out = await runs.interrupted(config, PLACES['the search']);
    await runs.run(config, out, { resume: true });
    const once = hashesOf(out);
    await runs.run(config, out, { resume: true });
    expect(hashesOf(out)).toEqual(once);
  });
});

describe('a run whose process died before it had begun', () => {
  it('begins when it is resumed, and leaves nothing of what was there', async () => {
    const out = await runs.interrupted(config, PLACES['tier 0']);
    for (const name of ['config.json', 'checkpoints']) fs.rmSync(path.join(out, name), { recursive: true });
    fs.writeFileSync(path.join(out, 'config.json.part'), '{');
    await runs.run(tinyConfig(SMALL, { seed: 1 }), out, { resume: true });
    expect(fs.readdirSync(out)).not.toContain('config.json.part');
    expect(JSON.parse(fs.readFileSync(path.join(out, 'result.json'), 'utf8'))).toMatchObject({ seed: 1 });
  });

  it('does not begin in a directory that holds something else, which stays as it is', async () => {
    const out = runs.fresh();
    fs.mkdirSync(out);
    fs.writeFileSync(path.join(out, 'thesis.tex'), 'years of work');
    const error = await failureOf(runs.run(config, out, { resume: true }));
    expect(error).toMatchObject({ kind: 'UsageError', message: expect.stringContaining('holds no run') });
    expect(fs.readdirSync(out)).toEqual(['thesis.tex']);
  });
});
