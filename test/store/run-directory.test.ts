import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolveConfig } from '../../src/config/resolve';
import { DataError, UsageError } from '../../src/errors';
import { readOutputs } from '../../src/store/outputs';
import { freeDirectory, RunDirectory, readResult } from '../../src/store/run-directory';
import { aMember, aResult } from './a-result';

const config = resolveConfig([{ from: 'test', values: { preset: 'wine' } }]);
const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const sha256 = createHash('sha256').update(bytes).digest('hex');

let root: string;
const at = (...names: string[]) => path.join(root, ...names);
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'dsptt-store-'));
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** A run that has begun. */
async function beginning(directory: string): Promise<RunDirectory> {
  const run = await RunDirectory.create(directory);
  await run.saveConfig(config);
  return run;
}

/** A finished run with one member's file. */
async function finishedRun(): Promise<RunDirectory> {
  const run = await beginning(at('run'));
  const file = await run.saveMember('tier0', bytes);
  await run.finish(aResult({ members: [aMember({ file, sha256 })] }));
  return run;
}

function filesBelow(folder: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
}

describe('a new run directory', () => {
  it('holds its configuration, under folders that did not exist', async () => {
    const run = await beginning(at('runs', 'a', 'b'));
    expect(run.path).toBe(at('runs', 'a', 'b'));
    expect(JSON.parse(fs.readFileSync(at('runs', 'a', 'b', 'config.json'), 'utf8'))).toEqual(config);
  });

  it('has an absolute path', async () => {
    const run = await beginning(path.relative(process.cwd(), at('run')));
    expect(run.path).toBe(at('run'));
  });

  it('is not made where something exists already, which stays as it is', async () => {
    fs.mkdirSync(at('run'));
    fs.writeFileSync(at('run', 'mine.txt'), 'mine');
    await expect(RunDirectory.create(at('run'))).rejects.toThrow(UsageError);
    await expect(RunDirectory.create(at('run', 'mine.txt'))).rejects.toThrow('exists already');
    expect(filesBelow(root)).toEqual(['run/mine.txt']);
  });
});

describe('a run directory', () => {
  it('holds members, traces and the result under their names, and nothing half written', async () => {
    const run = await finishedRun();
    await run.saveTraces([{ name: 'descent-tier0', columns: { step: [0] } }]);
    expect(filesBelow(run.path)).toEqual([
      'config.json',
      'members/tier0.safetensors',
      'result.json',
      'traces/descent-tier0.csv',
    ]);
    expect(new Uint8Array(fs.readFileSync(at('run', 'members', 'tier0.safetensors')))).toEqual(bytes);
  });

  it('holds the outputs of its networks and the targets, as they are read again', async () => {
    const run = await beginning(at('run'));
    const outputs = Float32Array.of(0.25, 0.75, 1, 0);
    await run.saveOutputs('test', 'targets', Float32Array.of(1, 0), 1);
    await run.saveOutputs('test', 'tier0', outputs, 2);
    expect(await readOutputs(run.path, 'test', ['tier0'])).toEqual({
      targets: Float32Array.of(1, 0),
      outputs: new Map([['tier0', outputs]]),
      columns: 2,
      perSample: 1,
    });
    expect(await readOutputs(run.path, 'validation', ['tier0'])).toBeNull();
  });

  it('shows a file under its name only when it is whole', async () => {
    const run = await beginning(at('run'));
    const large = new Uint8Array(2 ** 25);
    const file = at('run', 'members', 'large.safetensors');
    const sizes = new Set<number>();
    let written = false;
    const saved = run.saveMember('large', large).then(() => {
      written = true;
    });
    while (!written) {
      if (fs.existsSync(file)) sizes.add(fs.statSync(file).size);
      await new Promise((done) => setImmediate(done));
    }
    await saved;
    sizes.add(fs.statSync(file).size);
    expect([...sizes]).toEqual([large.length]);
  });

  it('has no result when that is not one', async () => {
    const run = await beginning(at('run'));
    await expect(run.finish(aResult({ seed: Number.NaN }))).rejects.toThrow();
    expect(filesBelow(run.path)).toEqual(['config.json']);
  });

  it('writes traces as CSV: a line of names, then one of values a step', async () => {
    const run = await beginning(at('run'));
    const columns = { step: Int32Array.of(0, 1), path: ['a', 'b'], loss: Float64Array.of(0.5, Number.NaN) };
    await run.saveTraces([
      { name: 'one', columns },
      { name: 'empty', columns: { step: [], loss: [] } },
    ]);
    expect(fs.readFileSync(at('run', 'traces', 'one.csv'), 'utf8')).toBe('step,path,loss\n0,a,0.5\n1,b,NaN\n');
    expect(fs.readFileSync(at('run', 'traces', 'empty.csv'), 'utf8')).toBe('step,loss\n');
  });

  it('is gone with all it holds when removed', async () => {
    const run = await finishedRun();
    await run.remove();
    expect(fs.readdirSync(root)).toEqual([]);
  });
});

describe('readResult', () => {
  it('brings back what was written', async () => {
    const { path: run } = await finishedRun();
    expect(await readResult(run)).toEqual(
      aResult({ members: [aMember({ file: 'members/tier0.safetensors', sha256 })] }),
    );
  });

  it('says that a directory without result.json holds no finished run', async () => {
    const run = await beginning(at('run'));
    await expect(readResult(run.path)).rejects.toThrow(DataError);
    await expect(readResult(run.path)).rejects.toThrow('holds no finished run');
    await expect(readResult(at('nowhere'))).rejects.toThrow(DataError);
  });

  it('refuses a result that is damaged or of another schema', async () => {
    const { path: run } = await finishedRun();
    fs.writeFileSync(at('run', 'result.json'), JSON.stringify({ ...aResult(), schema: 2 }));
    await expect(readResult(run)).rejects.toThrow(DataError);
    fs.writeFileSync(at('run', 'result.json'), '{"schema": 1,');
    await expect(readResult(run)).rejects.toThrow(DataError);
    await expect(readResult(run)).rejects.toThrow(
      `result.json is damaged, it is no JSON: remove its result.json, and \`npx --no dsptt resume ${run}\` makes it again`,
    );
  });

  it('notices a member that is not the file that the result speaks of', async () => {
    const { path: run } = await finishedRun();
    const altered = bytes.slice();
    altered[500] ^= 1;
    fs.writeFileSync(at('run', 'members', 'tier0.safetensors'), altered);
    await expect(readResult(run)).rejects.toThrow(DataError);
    await expect(readResult(run)).rejects.toThrow(
      `${at('run', 'members', 'tier0.safetensors')} is damaged, its sha256 is not that of result.json: remove its result.json`,
    );
  });

  it('notices a member that is missing', async () => {
    const { path: run } = await finishedRun();
    fs.rmSync(at('run', 'members', 'tier0.safetensors'));
    await expect(readResult(run)).rejects.toThrow(DataError);
  });
});

describe('freeDirectory', () => {
  it('is the first of NAME, NAME-2, NAME-3 that does not exist', () => {
    expect(freeDirectory(at('run'))).toBe(at('run'));
    fs.mkdirSync(at('run'));
    expect(freeDirectory(at('run'))).toBe(at('run-2'));
    fs.writeFileSync(at('run-2'), '');
    fs.mkdirSync(at('run-4'));
    expect(freeDirectory(at('run'))).toBe(at('run-3'));
  });
});
