import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { ConfigInput } from '../../src/config/schema';
import { exportEnsemble } from '../../src/inference/export';
import { predict } from '../../src/inference/predict';
import { composeReport } from '../../src/report/page';
import { viewRun } from '../../src/report/run-view';
import { writeArrays } from '../../src/run/data/write-arrays';
import { replay } from '../../src/run/replay';
import { Session } from '../../src/run/session/session';
import { type EnsembleResult, type Result, resultEnsemble } from '../../src/store/result';
import { readResult } from '../../src/store/run-directory';
import { FollowedRun } from '../../src/watch/followed-run';
import { viewOf } from '../../src/watch/view-of';
import { failureOf, REGISTER, ROOT, temporaryDirectory, tinyConfig } from '../builders';
import { askPython } from '../python';

type EnsembleMeasures = Pick<EnsembleResult, 'name' | 'testErrorPct' | 'testLoss'>;

const directory = temporaryDirectory();
const at = (...names: readonly string[]) => path.join(directory, ...names);
const LABELS = ['even', 'high', 'loop'];

/** Writes a table of scikit-learn's digits: are they even, above four, drawn with a closed loop? */
const TABLE = `
import numpy as np
from sklearn.datasets import load_digits
pixels, digits = load_digits(return_X_y=True)
labels = np.stack([digits % 2 == 0, digits > 4, np.isin(digits, [0, 6, 8, 9])], 1)
names = ",".join(["even", "high", "loop", *(f"p{place}" for place in range(64))])
np.savetxt(given, np.concatenate([labels, pixels], 1)[:900].astype(int), "%d", ",", header=names, comments="")
answer = None`;

/** Scores what a run has kept by scikit-learn, beside those of a logistic regression for each label. */
const SCORED = `
import numpy as np
from pathlib import Path
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, hamming_loss, log_loss, roc_auc_score
from dsptt_worker.data import DATASETS
run = Path(given["run"])
data = DATASETS["csv"](dir=given["dir"], file="labels.csv", labels=given["labels"])
truth = np.load(run / "outputs/test/targets.npy")
members = [np.load(run / f"outputs/test/{name}.npy").astype(float) for name in given["members"]]
p = np.mean(members, 0)
alone = [LogisticRegression(max_iter=5000).fit(data.train.inputs, own).predict(data.test.inputs) for own in data.train.targets.numpy().T]
answer = {
    "isSplit": bool((truth == data.test.targets.numpy()).all()),
    "testErrorPct": 100 * hamming_loss(truth, p > 0.5),
    "testLoss": np.mean([log_loss(truth[:, c], p[:, c], labels=[0, 1]) for c in range(3)]),
    "macroF1Pct": 100 * f1_score(truth, p > 0.5, average="macro"),
    "auc": roc_auc_score(truth, p, average="macro"),
    "subsetAccuracyPct": 100 * accuracy_score(truth, p > 0.5),
    "regressionErrorPct": 100 * hamming_loss(truth, np.stack(alone, 1)),
}`;
const scored = z.strictObject({
  ...{ isSplit: z.boolean(), testErrorPct: z.number(), testLoss: z.number(), regressionErrorPct: z.number() },
  ...{ macroF1Pct: z.number(), auc: z.number(), subsetAccuracyPct: z.number() },
});

const CALIBRATED = `
import csv, torch
from dsptt import load_ensemble
rows = list(csv.DictReader(open(given["table"])))
model = load_ensemble(given["run"], calibrated=True)
answer = model(torch.tensor([[float(row[name]) for name in given["columns"]] for row in rows], dtype=torch.float64)).flatten().tolist()`;

const SETTINGS: ConfigInput = {
  dataset: { name: 'csv', dir: directory, args: { file: 'labels.csv', labels: LABELS } },
  model: { name: 'mlp', args: { hidden: [24] } },
  batchSize: 32,
  budget: { steps: 900 },
};

describe('a run on data with several labels a sample', () => {
  const out = at('run');
  let session: Session;
  let result: Result;
  beforeAll(async () => {
    askPython(TABLE, at('labels.csv'));
    session = await Session.start();
    await session.run(tinyConfig(SETTINGS), { out });
    result = await readResult(out);
  });
  afterAll(() => session.close());

  it('has the scores of scikit-learn, and is at least as good as a logistic regression for each label', () => {
    const { members, ...ensemble } = resultEnsemble(result);
    const { isSplit, regressionErrorPct, testErrorPct, testLoss, ...more } = scored.parse(
      askPython(SCORED, { run: out, dir: directory, labels: LABELS, members }),
    );
    expect(isSplit).toBe(true);
    expect(members.length).toBeGreaterThan(1);
    expect(ensemble).toMatchObject({ rule: 'meanSigmoid', testRmse: null });
    expect(ensemble.testErrorPct).toBeCloseTo(testErrorPct, 9);
    expect(ensemble.testLoss).toBeCloseTo(testLoss, 6);
    expect(ensemble.testErrorPct).toBeLessThanOrEqual(regressionErrorPct);
    const scores = result.classScores?.ensembles[result.result];
    for (const name of ['macroF1Pct', 'auc', 'subsetAccuracyPct'] as const) {
      expect(scores?.[name]).toBeCloseTo(more[name], 9);
    }
    expect(ensemble.fittedOn?.samples).toBe(135);
  });

  it('is replayed from its journal to the same numbers', async () => {
    const { recorded, matched, assessment } = await replay(out);
    expect(matched).toBe(recorded);
    expect(assessment?.ensembles).toEqual(result.ensembles);
    expect(assessment?.classScores).toEqual(result.classScores);
  });

  it('shows the ensembles in the live view that the result has', async () => {
    const copy = at('unfinished');
    fs.cpSync(out, copy, { recursive: true });
    fs.rmSync(path.join(copy, 'result.json'));
    const run = new FollowedRun(copy);
    const shown = () => viewOf(run, 'run', false).ensembles;
    const { length: members } = resultEnsemble(result).members;
    while (!shown().some((one) => one.isResult && one.members === members)) await run.poll();
    const measures = ({ name, testErrorPct, testLoss }: EnsembleMeasures) => ({ name, testErrorPct, testLoss });
    expect(shown().map(measures)).toEqual(result.ensembles.map(measures));
    await run.close();
  });

  it('has a report with a row for each label instead of classes', async () => {
    const sections = composeReport({ runs: [await viewRun(out)] }).chapters[0].sections;
    expect(sections.map(({ title }) => title)).not.toContain('Errors by class');
    const blocks = sections.find(({ title }) => title === 'Errors by label')?.blocks ?? [];
    const rows = blocks.flatMap((block) => (block.kind === 'table' ? block.table.rows : []));
    expect(rows.map(([label]) => label)).toEqual(LABELS);
    const mean = rows.reduce((sum, row) => sum + Number(row[2]) / rows.length, 0);
    expect(mean).toBeCloseTo(resultEnsemble(result).testErrorPct ?? Number.NaN, 1);
    expect(JSON.stringify(sections)).toContain('3 labels');
  });

  it('answers the same calibrated probabilities from every side', async () => {
    const samples = z
      .object({ kind: z.literal('labels'), classes: z.array(z.string()), columns: z.array(z.string()) })
      .parse(JSON.parse(fs.readFileSync(path.join(out, 'data.json'), 'utf8')));
    expect(samples.classes).toEqual(LABELS);
    const table = fs.readFileSync(at('labels.csv'), 'utf8').trim().split('\n').slice(0, 60);
    fs.writeFileSync(at('some.csv'), table.join('\n'));
    await predict(out, { inputs: [at('some.csv')], out: at('answers.csv'), calibrated: true });
    const [head, ...lines] = fs.readFileSync(at('answers.csv'), 'utf8').trim().split('\n');
    expect(head).toBe('sample,labels,p(even),p(high),p(loop)');
    const ofTable = lines.flatMap((line) => line.split(',').slice(2).map(Number));
    for (const line of lines) {
      const [, found, ...each] = line.split(',');
      expect(found).toBe(LABELS.filter((_, k) => Number(each[k]) > 0.5).join(';'));
    }
    const ofPython = z
      .array(z.number())
      .parse(askPython(CALIBRATED, { run: out, table: at('some.csv'), columns: samples.columns }));
    for (const other of [ofTable, await answersOf(out, samples.columns)]) {
      expect(other.length).toBe(ofPython.length);
      for (const [k, p] of ofPython.entries()) expect(Math.abs(other[k] - p)).toBeLessThan(1e-5);
    }
  });

  it('is refused in one sentence with a loss of another kind, or options for classes', async () => {
    const error = await failureOf(session.run(tinyConfig(SETTINGS, { loss: 'crossEntropy' }), { out: at('none') }));
    expect(error).toMatchObject({ kind: 'ConfigError' });
    expect(error.message).toContain(
      "loss 'crossEntropy' does not fit dataset 'csv', which has 3 labels, of which a sample has any number: use binaryCrossEntropy",
    );
    expect(() => tinyConfig(SETTINGS, { trainingLoss: { labelSmoothing: 0.1 } })).toThrow(
      'trainingLoss.labelSmoothing is for classes, got loss binaryCrossEntropy',
    );
  });

  it('takes arrays of a script, and every method', async () => {
    const inputs = Float64Array.from({ length: 600 }, (_, k) => Math.sin(k * k));
    const targets = Uint8Array.from({ length: 400 }, (_, k) => Number(inputs[3 * (k >> 1) + (k % 2)] > 0));
    const dataset = await writeArrays(at('rows'), { train: { inputs, shape: [3], targets } }, { labels: ['a', 'b'] });
    const settings: ConfigInput = { ...SETTINGS, dataset, budget: { steps: 120 }, mixup: 0.2 };
    for (const method of ['snapshot', 'fge', 'swa', 'independent', 'random-jump'] as const) {
      const run = at(`rows-${method}`);
      await session.run(tinyConfig(settings, { method }), { out: run });
      const { ensembles, classScores } = await readResult(run);
      expect(ensembles.every(({ testErrorPct }) => testErrorPct !== null && testErrorPct < 50)).toBe(true);
      expect(Object.keys(classScores?.ensembles ?? {})).toEqual(ensembles.map(({ name }) => name));
    }
  });
});

/** Answers of an exported graph in TypeScript, which applies the temperature. */
async function answersOf(run: string, columns: readonly string[]): Promise<number[]> {
  const folder = at('graph');
  await exportEnsemble(run, { to: 'onnx', out: folder });
  const [head, ...lines] = fs.readFileSync(at('some.csv'), 'utf8').split('\n');
  const places = columns.map((name) => head.split(',').indexOf(name));
  const batch = lines.flatMap((line) => places.map((place) => Number(line.split(',')[place])));
  const program = path.join(ROOT, 'test', 'inference', 'predicting.ts');
  const printed = execFileSync(process.execPath, ['-r', REGISTER, program, folder, 'float64', 'calibrated'], {
    input: JSON.stringify([batch]),
    encoding: 'utf8',
  });
  const { kind, classes, answers } = said.parse(JSON.parse(printed));
  expect({ kind, classes }).toEqual({ kind: 'labels', classes: LABELS });
  return answers[0];
}

const said = z.object({ kind: z.string(), classes: z.array(z.string()), answers: z.array(z.array(z.number())) });
