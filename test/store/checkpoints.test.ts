import fs from 'node:fs';
import path from 'node:path';
import { JournalError } from '../../src/errors';
import { type Checkpoint, type CheckpointState, Checkpoints, stateFile } from '../../src/store/checkpoints';
import { nodeDisk } from '../../src/store/disk/disk';
import { sha256 } from '../../src/store/journal/arrays';
import { sealed } from '../../src/store/journal/canonical';
import { failureOf, temporaryDirectory } from '../builders';
import { WatchedDisk } from './journal/journals';

const root = temporaryDirectory();
let run: string;
beforeEach(() => {
  run = fs.mkdtempSync(path.join(root, 'run-'));
});
const manifestOf = (position: number) => path.join(run, 'checkpoints', `${position}.json`);
const fileOf = ({ file }: CheckpointState) => path.join(run, 'checkpoints', 'states', file);
const statesKept = () => fs.readdirSync(path.join(run, 'checkpoints', 'states')).sort();
const manifestsKept = () => fs.readdirSync(path.join(run, 'checkpoints')).filter((name) => name !== 'states');

/** The bytes of a state: other ones for each name and version. */
const bytesOf = (name: string, version: number) => new Uint8Array(Buffer.from(`the state of ${name} after ${version}`));

function stateOf(name: string, version: number, kind: CheckpointState['kind'] = 'point'): CheckpointState {
  const file = stateFile({ kind, name, version });
  return { kind, name, version, file, sha256: sha256(bytesOf(name, version)) };
}

/** Write a checkpoint of these states; those that an earlier one has are `shared`. */
async function write(position: number, fresh: CheckpointState[], shared: CheckpointState[] = []): Promise<Checkpoint> {
  const made: Checkpoint = { schema: 1, position, states: [...fresh, ...shared] };
  const bytes = new Map(fresh.map(({ file, name, version }) => [file, bytesOf(name, version)]));
  await new Checkpoints(run, nodeDisk).write(made, bytes);
  return made;
}

/** The newest checkpoint up to a position, and what was said of those that were passed over. */
async function newest(position = 1000): Promise<{ found: Checkpoint | null; said: string[] }> {
  const said: string[] = [];
  const found = await new Checkpoints(run, nodeDisk).newest(position, (message) => said.push(message));
  return { found, said };
}

function flip(file: string, at: number, bit = 0): void {
  const bytes = fs.readFileSync(file);
  bytes[at < 0 ? bytes.length + at : at] ^= 1 << bit;
  fs.writeFileSync(file, bytes);
}

describe('a checkpoint', () => {
  it('is none before the first was written, and nothing is made by looking', async () => {
    expect(await newest()).toEqual({ found: null, said: [] });
    expect(fs.readdirSync(run)).toEqual([]);
  });

  it('is read as it was written, with all its states, of points and of paths with the same name', async () => {
    const states = [stateOf('tier0', 3), stateOf('tier1-1 · é/../..', 7), stateOf('tier0', 5, 'path')];
    const made = await write(8, states);
    expect(await newest()).toEqual({ found: made, said: [] });
    expect(new Set(states.map(({ file }) => file)).size).toBe(3);
    const checkpoints = new Checkpoints(run, nodeDisk);
    for (const state of states) {
      expect(new Uint8Array(await checkpoints.read(state))).toEqual(bytesOf(state.name, state.version));
    }
  });

  it('may hold nothing', async () => {
    const made = await write(1, []);
    expect(await newest()).toEqual({ found: made, said: [] });
  });

  it('shares the states that have not changed with the one before: they are not written again', async () => {
    const still = stateOf('tier0', 3);
    await write(10, [still, stateOf('moving', 9)]);
    const { ino, mtimeMs } = fs.statSync(fileOf(still));
    const made = await write(20, [stateOf('moving', 19)], [still]);
    expect(fs.statSync(fileOf(still))).toMatchObject({ ino, mtimeMs });
    expect(await newest()).toEqual({ found: made, said: [] });
  });

  it('counts only once all it refers to is on the disk', async () => {
    const disk = new WatchedDisk();
    const state = stateOf('tier0', 3);
    const made: Checkpoint = { schema: 1, position: 8, states: [state] };
    await new Checkpoints(run, disk).write(made, new Map([[state.file, bytesOf('tier0', 3)]]));
    expect(disk.calls.filter((call) => /^(sync|rename)/.test(call))).toEqual([
      `sync ${state.file}.part`,
      `rename ${state.file}`,
      'sync directory',
      'sync 8.json.part',
      'rename 8.json',
      'sync directory',
    ]);
  });

  it('that cannot be written whole leaves the one before as it was', async () => {
    const before = await write(10, [stateOf('tier0', 9)]);
    for (const failing of ['write', 'sync', 'rename']) {
      const disk = new WatchedDisk();
      disk.before = async (call) => {
        if (call.startsWith(failing)) throw new Error('ENOSPC');
      };
      const state = stateOf('tier0', 19);
      const made: Checkpoint = { schema: 1, position: 20, states: [state] };
      const written = new Checkpoints(run, disk).write(made, new Map([[state.file, bytesOf('tier0', 19)]]));
      await expect(written).rejects.toThrow('ENOSPC');
      expect(await newest()).toEqual({ found: before, said: [] });
    }
  });
});

describe('the checkpoints of a run', () => {
  it('are its newest two, and hold no state that neither of them needs', async () => {
    const still = stateOf('tier0', 3);
    await write(10, [still, stateOf('moving', 9)]);
    const second = await write(20, [stateOf('moving', 19)], [still]);
    const third = await write(30, [stateOf('moving', 29)], [still]);
    expect(manifestsKept()).toEqual(['20.json', '30.json']);
    const needed = [...second.states, ...third.states].map(({ file }) => file);
    expect(statesKept()).toEqual([...new Set(needed)].sort());
    await write(40, [stateOf('moving', 39)]);
    expect(statesKept()).toEqual([still.file, stateOf('moving', 29).file, stateOf('moving', 39).file].sort());
  });

  it('after a position are passed over, and removed by the next that is written: the run did not go there', async () => {
    const first = await write(10, [stateOf('tier0', 9)]);
    await write(20, [stateOf('tier0', 19)]);
    expect(await newest(19)).toEqual({ found: first, said: [] });
    expect(manifestsKept()).toEqual(['10.json', '20.json']);
    const other = await write(15, [stateOf('tier0', 14)]);
    expect(manifestsKept()).toEqual(['10.json', '15.json']);
    expect(statesKept()).toEqual([stateOf('tier0', 9).file, stateOf('tier0', 14).file].sort());
    expect(await newest()).toEqual({ found: other, said: [] });
    expect((await newest(9)).found).toBeNull();
  });

  it('are not joined for ever by what a killed process left half written', async () => {
    await write(10, [stateOf('tier0', 9)]);
    fs.writeFileSync(`${manifestOf(17)}.part`, '{"posi');
    fs.writeFileSync(`${fileOf(stateOf('tier0', 16))}.part`, 'half');
    await write(20, [stateOf('tier0', 19)]);
    expect(manifestsKept()).toEqual(['10.json', '20.json']);
    expect(statesKept()).toEqual([stateOf('tier0', 9).file, stateOf('tier0', 19).file].sort());
  });

  it('that are damaged do not count as one of the newest two', async () => {
    await write(10, [stateOf('tier0', 9)]);
    await write(20, [stateOf('tier0', 19)]);
    flip(manifestOf(20), 4);
    await write(30, [stateOf('tier0', 29)]);
    expect(manifestsKept()).toEqual(['10.json', '30.json']);
  });
});

describe('a newest checkpoint', () => {
  const moving = stateOf('moving', 19);
  const still = stateOf('tier0', 3);
  let before: Checkpoint;
  beforeEach(async () => {
    before = await write(10, [still, stateOf('moving', 9)]);
    await write(20, [moving], [still]);
  });
  /** Put a manifest of one's choice in the newest's place, under a right seal. */
  const forge = (made: object) => fs.writeFileSync(manifestOf(20), sealed(made));
  const forgeText = (text: string) =>
    fs.writeFileSync(manifestOf(20), `${text.slice(0, -1)},"sum":"${sha256(text).slice(0, 16)}"}`);
  const forged: Checkpoint = { schema: 1, position: 20, states: [moving, still] };

  it.each<[string, RegExp, () => void]>([
    ['whose manifest is torn', /20\.json is damaged/, () => fs.truncateSync(manifestOf(20), 100)],
    ['whose manifest is empty', /20\.json is damaged/, () => fs.truncateSync(manifestOf(20), 0)],
    ['with a bit of its manifest changed', /20\.json is damaged/, () => flip(manifestOf(20), 30)],
    ['with a bit of the seal of its manifest changed', /20\.json is damaged/, () => flip(manifestOf(20), -3)],
    ['whose state is missing', /cannot read .*states\/.*-19\.safetensors/, () => fs.rmSync(fileOf(moving))],
    ['whose state is torn', /-19\.safetensors is damaged: its sha256/, () => fs.truncateSync(fileOf(moving), 7)],
    ['with a bit of a state changed', /-19\.safetensors is damaged: its sha256/, () => flip(fileOf(moving), -1, 7)],
    ['of another position', /20\.json is damaged/, () => forge({ ...forged, position: 19 })],
    ['of another schema', /20\.json is damaged/, () => forge({ ...forged, schema: 2 })],
    ['that is no checkpoint', /20\.json is damaged/, () => forge({ position: 20 })],
    ['that is no JSON under a right seal', /20\.json is damaged/, () => forgeText('{no JSON}')],
    [
      'as deep as no program can read',
      /20\.json is damaged/,
      () => forgeText(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
    ],
  ])('%s is passed over for the one before, which is said', async (_, why, damage) => {
    damage();
    const { found, said } = await newest();
    expect(found).toEqual(before);
    expect(said).toEqual([expect.stringMatching(why)]);
    expect(said[0]).toMatch(/; the checkpoint before it is taken$/);
    expect(manifestsKept()).toEqual(['10.json', '20.json']);
  });

  it.each([
    '../x',
    '../../config.json',
    '/etc/passwd',
    'a/b.safetensors',
    '..',
    '',
    '0123456789abcdef-1.safetensors\n',
  ])('that names the file %j is passed over, although its seal is right', async (file) => {
    const outside = path.join(run, 'checkpoints', 'x');
    fs.writeFileSync(outside, 'of someone else');
    const escaping = { ...moving, file, sha256: sha256('of someone else') };
    forge({ ...forged, states: [escaping, still] });
    expect(await newest()).toMatchObject({ found: { position: 10 }, said: [expect.stringContaining('is damaged')] });
    await write(30, [stateOf('moving', 29)], [still]);
    expect(fs.readFileSync(outside, 'utf8')).toBe('of someone else');
  });

  it('can be damaged together with the one before: there is none then, and both are told of', async () => {
    fs.rmSync(fileOf(still));
    const { found, said } = await newest();
    expect(found).toBeNull();
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/; the checkpoint before it is taken$/);
    expect(said[1]).toMatch(/; there is none before it: the run is resumed from its start$/);
  });

  it('is not written over a state whose name would lead elsewhere', async () => {
    const escaping = { ...moving, file: '../x' };
    const made: Checkpoint = { schema: 1, position: 30, states: [escaping] };
    await failureOf(new Checkpoints(run, nodeDisk).write(made, new Map([['../x', bytesOf('x', 1)]])));
    expect(fs.existsSync(path.join(run, 'checkpoints', 'x'))).toBe(false);
  });
});

it('a state that is not what its checkpoint says is a JournalError that names its file', async () => {
  const state = stateOf('tier0', 3);
  await write(8, [state]);
  flip(fileOf(state), 0);
  const error = await failureOf(new Checkpoints(run, nodeDisk).read(state));
  expect(error).toBeInstanceOf(JournalError);
  expect(error.message).toContain(fileOf(state));
});
