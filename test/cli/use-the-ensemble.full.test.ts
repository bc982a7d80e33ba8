import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Outputs } from '../../src/ensemble/combine';
import { readOutputs } from '../../src/store/outputs';
import { resultEnsemble } from '../../src/store/result';
import { readResult } from '../../src/store/run-directory';
import { FAST_SEARCH_FLAGS, REGISTER, ROOT } from '../builders';
import { askPython } from '../python';
import { CommandLine } from './dsptt';

const cli = new CommandLine();
const run = path.join(cli.directory, 'runs', 'digits');

/** The raw test images of digits, one row each: nothing is normalised. */
const RAW = `
import numpy as np
from sklearn.datasets import load_digits
from dsptt_worker.data.dataset import stratified
digits = load_digits()
test = stratified(digits.images.astype(np.float32)[:, None], digits.target.astype(np.int64), (300, 500, 997))[2]
answer = {"inputs": test.inputs.flatten(1).tolist(), "targets": test.targets.tolist()}`;

/** Answers of load_ensemble, at the temperature of the run. */
const CALIBRATED = `
import torch
from dsptt import load_ensemble
model = load_ensemble(given["run"], calibrated=True)
answer = model(torch.tensor(given["inputs"]).reshape(-1, *model.shape)).flatten().tolist()`;

let raw: number[][];
let targets: number[];
let expected: Outputs[];
let mean: number[];

beforeAll(async () => {
  const flags = ['--preset=digits', '--budget=400', ...FAST_SEARCH_FLAGS, '--out=runs/digits', '--quiet'];
  const ended = await cli.run(['run', ...flags]);
  expect(ended).toMatchObject({ code: 0 });
  ({ inputs: raw, targets } = z
    .object({ inputs: z.array(z.array(z.number())), targets: z.array(z.number()) })
    .parse(askPython(RAW, null)));
  cli.write('digits.csv', raw.map((row) => row.join(',')).join('\n'));
  const { members } = resultEnsemble(await readResult(run));
  const kept = await readOutputs(run, 'test', members);
  expected = members.flatMap((name) => kept?.outputs.get(name) ?? []);
  mean = Array.from(expected[0], (_, i) => expected.reduce((sum, outputs) => sum + outputs[i], 0) / expected.length);
});

/** The largest difference between two lists of numbers of the same length. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** The probabilities in a table of predictions, row after row. */
const probabilities = (file: string) =>
  cli
    .read(file)
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split(',').slice(3).map(Number));

/** What a process without Python says of batches, with an ensemble that was exported. */
function predictInTypeScript(folder: string, batches: readonly number[][], ...kind: readonly string[]) {
  const program = path.join(ROOT, 'test', 'inference', 'predicting.ts');
  const printed = execFileSync(process.execPath, ['-r', REGISTER, program, folder, ...kind], {
    input: JSON.stringify(batches),
    env: { ...process.env, DSPTT_PYTHON: '/nowhere' },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return said.parse(JSON.parse(printed));
}

const said = z.object({
  classes: z.array(z.string()),
  members: z.array(z.string()),
  shape: z.array(z.number()),
  answers: z.array(z.union([z.array(z.number()), z.string()])),
  afterwards: z.string(),
});

describe('dsptt predict', () => {
  it('says of raw test samples what the run has kept for them, of all networks and of one alone', async () => {
    const [all, one] = await cli.runInOneProcess([
      ['predict', run, '--input', 'digits.csv', '--out', 'all.csv'],
      ['predict', run, '--input', 'digits.csv', '--member=tier0', '--out', 'one.csv'],
    ]);
    expect([all.code, one.code]).toEqual([0, 0]);
    expect(all.stdout).toBe(
      `997 samples predicted by tier-0-1 (${expected.length} networks): ${path.join(cli.directory, 'all.csv')}\n`,
    );
    expect(cli.read('all.csv')).toMatch(/^sample,class,probability,p\(0\),p\(1\)/);
    expect(difference(probabilities('all.csv'), mean)).toBeLessThan(2e-6);
    expect(difference(probabilities('one.csv'), expected[0])).toBeLessThan(2e-6);
  });

  it('writes nothing, and says why, where there is no such run, network or sample', async () => {
    cli.write('other.csv', '1,2\n');
    const input = ['--input', 'digits.csv'];
    const [nothing, noMember, noSample, noInput] = await cli.runInOneProcess([
      ['predict', 'nothing', ...input],
      ['predict', run, ...input, '--member=x'],
      ['predict', run, '--input', 'other.csv'],
      ['predict', run],
    ]);
    expect([nothing.code, noMember.code, noSample.code, noInput.code]).toEqual([1, 2, 1, 2]);
    expect(nothing.stderr).toMatch(/^DataError: .*nothing is no run directory: it does not exist/);
    expect(noMember.stderr).toMatch(/^ConfigError: .* has no member 'x'; it has: tier0/);
    expect(noSample.stderr).toMatch(/^DataError: .*has 2 cells in a row, but a sample of this run is 64/);
    expect(noInput.stderr).toMatch(/^UsageError: required option '--input <paths\.\.\.>' not specified/);
    expect(cli.has('predictions.csv')).toBe(false);
  });
});

describe('dsptt export', () => {
  it('writes a graph that predicts in TypeScript, without Python, what the run has kept', async () => {
    const ended = await cli.run(['export', run, '--to', 'onnx', 'graph']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/graph\nCompared with PyTorch on 68 samples: differs by \d\.\de-\d at most\n$/);
    const folder = path.join(cli.directory, 'graph');
    const { answers, afterwards, ...known } = predictInTypeScript(folder, [raw.flat(), raw[0], new Array(65).fill(0)]);
    const { members } = resultEnsemble(await readResult(run));
    expect(known).toEqual({ members, shape: [1, 8, 8], classes: [...'0123456789'] });
    expect(difference([answers[0]].flat().map(Number), mean)).toBeLessThan(1e-5);
    expect(difference([answers[1]].flat().map(Number), mean.slice(0, 10))).toBeLessThan(1e-5);
    expect(answers[2]).toBe('DataError: a batch must hold whole samples of [1, 8, 8], 64 numbers each; got 65 numbers');
    expect(afterwards).toBe('UsageError: this ensemble is closed: load it again by loadEnsemble');
    expect(predictInTypeScript(folder, [raw[0]], 'uint8').answers).toEqual([answers[1]]);
  });

  it('writes a folder of safetensors that predicts the same, and does not write over one that is there', async () => {
    const [first, again, predicted] = await cli.runInOneProcess([
      ['export', run, 'folder', '--to', 'safetensors'],
      ['export', run, 'folder', '--to', 'safetensors'],
      ['predict', 'folder', '--input', 'digits.csv', '--out', 'folder.csv'],
    ]);
    expect([first.code, again.code, predicted.code]).toEqual([0, 2, 0]);
    expect(again.stderr).toMatch(/^ConfigError: .*folder exists already: name another directory, or remove it/);
    expect(difference(probabilities('folder.csv'), mean)).toBeLessThan(2e-6);
  });

  it('refuses a run that has not finished, and one whose member is damaged', async () => {
    const [unfinished, damaged] = ['unfinished', 'damaged'].map((name) => path.join(cli.directory, 'runs', name));
    for (const copy of [unfinished, damaged]) fs.cpSync(run, copy, { recursive: true });
    fs.appendFileSync(path.join(damaged, 'members', 'tier0.safetensors'), 'x');
    fs.rmSync(path.join(unfinished, 'result.json'));
    const [first, second] = await cli.runInOneProcess([
      ['export', unfinished, '--to', 'onnx'],
      ['export', damaged, '--to', 'safetensors'],
    ]);
    expect(first).toMatchObject({ code: 1, stderr: expect.stringMatching(/has not finished: .*dsptt resume/) });
    expect(second).toMatchObject({ code: 1, stderr: expect.stringMatching(/tier0\.safetensors is damaged.*\n$/) });
    expect([...fs.readdirSync(unfinished), ...fs.readdirSync(damaged)]).not.toContain('onnx');
    expect(fs.readdirSync(damaged)).not.toContain('safetensors');
  });

  it('says of a damaged run how it can be mended, which mends it', async () => {
    const damaged = path.join(cli.directory, 'runs', 'mended');
    fs.cpSync(run, damaged, { recursive: true });
    const files = ['data.json', 'members/tier0.safetensors', 'result.json'].map((file) => path.join(damaged, file));
    const whole = files.map((file) => fs.readFileSync(file, 'utf8'));
    const mended = () => cli.run(['resume', damaged, '--quiet']);
    const refused = async (said: RegExp) => {
      const ended = await cli.run(['predict', damaged, '--input', 'digits.csv', '--out', 'mended.csv']);
      expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(said) });
      expect(cli.has('mended.csv')).toBe(false);
    };
    fs.writeFileSync(files[0], whole[0].replace('"white": 16', '"white": 17'));
    await refused(
      /^DataError: .*data\.json is damaged: .*: remove it, and `npx --no dsptt resume .*` writes it again\n$/,
    );
    fs.rmSync(files[0]);
    await refused(/^DataError: .* has no data\.json, .*: `npx --no dsptt resume .*` writes it\n$/);
    expect(await mended()).toMatchObject({ code: 0 });
    expect(fs.readFileSync(files[0], 'utf8')).toBe(whole[0]);
    fs.rmSync(files[1]);
    await refused(
      /^DataError: cannot read the member .*: remove .*result\.json, and `npx --no dsptt resume .*` makes both again\n$/,
    );
    fs.rmSync(files[2]);
    expect(await mended()).toMatchObject({ code: 0 });
    expect(fs.readFileSync(files[1], 'utf8')).toBe(whole[1]);
    const { timings: _, ...result } = await readResult(damaged);
    expect(result).toEqual({ ...(await readResult(run)), timings: undefined });
  });
});

describe('an ensemble at its temperature', () => {
  /** The cross-entropy of probabilities, in nats. */
  const loss = (answers: readonly number[]) =>
    targets.reduce((sum, target, sample) => sum - Math.log(answers[10 * sample + target]), 0) / targets.length;

  it('answers the same from every side, with the loss that the run has measured', async () => {
    const ended = await cli.runInOneProcess([
      ['predict', run, '--input', 'digits.csv', '--calibrated', '--out', 'calibrated.csv'],
      ['export', run, 'plain', '--to', 'onnx'],
      ['export', run, 'calibrated', '--to', 'onnx', '--calibrated'],
    ]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    const graph = (name: string, ...flags: string[]) =>
      [predictInTypeScript(path.join(cli.directory, name), [raw.flat()], 'float32', ...flags).answers[0]]
        .flat()
        .map(Number);
    const { temperature, calibratedTestLoss, testLoss } = resultEnsemble(await readResult(run));
    const fromTable = probabilities('calibrated.csv');
    const fromPython = z.array(z.number()).parse(askPython(CALIBRATED, { run, inputs: raw }));
    const fromGraph = graph('plain', 'calibrated');
    for (const answers of [fromTable, fromPython, fromGraph, graph('calibrated'), graph('calibrated', 'calibrated')]) {
      expect(difference(answers, fromTable)).toBeLessThan(1e-6);
      expect(Math.abs(loss(answers) - (calibratedTestLoss ?? 0))).toBeLessThan(1e-6);
    }
    expect(Math.abs((temperature ?? 1) - 1)).toBeGreaterThan(0.01);
    expect(Math.abs(loss(graph('plain')) - (testLoss ?? 0))).toBeLessThan(1e-6);
  });

  it('is refused where the run has none, and where a format keeps it for its readers', async () => {
    const vote = ['--ensemble=tier-0-1-vote', '--calibrated'];
    const [predicted, graph, folder, curves] = await cli.runInOneProcess([
      ['predict', run, '--input', 'digits.csv', ...vote],
      ['export', run, 'none', '--to', 'onnx', ...vote],
      ['export', run, 'none', '--to', 'safetensors', '--calibrated'],
      ['export', run, 'none', '--to', 'tensorboard', '--calibrated'],
    ]);
    const none = /^ConfigError: .* states no temperature of 'tier-0-1-vote': a run fits one to the probabilities of/;
    expect(predicted).toMatchObject({ code: 2, stderr: expect.stringMatching(none) });
    expect(graph).toMatchObject({ code: 2, stderr: expect.stringMatching(none) });
    expect(folder).toMatchObject({ code: 2, stderr: expect.stringMatching(/^UsageError: only a graph is written/) });
    expect(curves).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--calibrated and --trust-code are not for/),
    });
    expect(cli.has('none')).toBe(false);
  });
});

describe('a table of large numbers', () => {
  const TIMES = Array.from({ length: 60 }, (_, row) => 1_700_000_000 + ((row * 37) % 100));
  const SETTINGS = ['dataset.args.file=times.csv', 'dataset.args.target=time', 'dataset.args.task=numbers'];
  const CONFIG = `
dataset: {name: csv, dir: .}
model: {name: mlp}
loss: meanSquared
method: single
batchSize: 16
budget: {steps: 60}
`;

  it('is predicted by the command line and in TypeScript in the 64 bits that it needs', async () => {
    const lines = TIMES.map((time) => `${time},${time + 7},${time % 3}`);
    cli.write('times.csv', ['time,later,rest', ...lines].join('\n'));
    cli.write('times.yaml', CONFIG);
    const settings = SETTINGS.flatMap((setting) => ['--set', setting]);
    const [trained, exported, predicted] = await cli.runInOneProcess([
      ['run', '--config', 'times.yaml', ...settings, '--out', 'runs/times', '--quiet'],
      ['export', 'runs/times', '--to', 'onnx', 'times-graph'],
      ['predict', 'runs/times', '--input', 'times.csv', '--out', 'times-predicted.csv'],
    ]);
    expect([trained.code, exported.code, predicted.code]).toEqual([0, 0, 0]);
    expect(predicted.stderr).toBe('columns of times.csv that are not used: time\n');
    const said = cli.read('times-predicted.csv').trim().split('\n').slice(1);
    const expected = said.map((line) => Number(line.split(',')[1]));
    const batch = TIMES.flatMap((time) => [time + 7, time % 3]);
    const { answers } = predictInTypeScript(path.join(cli.directory, 'times-graph'), [batch], 'float64');
    expect(difference([answers[0]].flat().map(Number), expected)).toBeLessThan(1e-3);
    expect(new Set(expected.map(Math.round)).size).toBeGreaterThan(10); // 32 bits would leave one number
  });
});
