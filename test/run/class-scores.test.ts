import path from 'node:path';
import { rowOf } from '../../src/comparison/rows';
import { classScores } from '../../src/ensemble/class-scores';
import { combine } from '../../src/ensemble/combine';
import { comparisonReport } from '../../src/report/comparison';
import { classScoresOf } from '../../src/run/assess/class-scores';
import { Session } from '../../src/run/session/session';
import { readOutputs } from '../../src/store/outputs';
import type { Result } from '../../src/store/result';
import { readResult } from '../../src/store/run-directory';
import { temporaryDirectory, tinyConfig } from '../builders';
import { aComparison } from '../report/a-comparison';
import { anEnsemble } from '../store/a-result';

const TWO = { method: 'independent', independent: { members: 2, budgets: 2 }, budget: { steps: 60 } };

describe('the class scores of a run', () => {
  const directory = temporaryDirectory();
  const out = path.join(directory, 'wine');
  let session: Session;
  let result: Result;
  beforeAll(async () => {
    session = await Session.start();
    await session.run(tinyConfig(TWO), { out });
    result = await readResult(out);
  });
  afterAll(() => session.close());

  it('are those of its kept test outputs, for every network and ensemble', async () => {
    const names = result.members.map(({ name }) => name);
    const kept = await readOutputs(out, 'test', names);
    expect(kept).not.toBeNull();
    if (kept === null) return;
    expect(Object.keys(result.classScores?.networks ?? {})).toEqual(names);
    for (const [name, outputs] of kept.outputs) {
      expect(result.classScores?.networks[name]).toEqual(classScores(outputs, kept.targets));
    }
    const mean = combine([...kept.outputs.values()], kept.columns, 'meanSoftmax');
    expect(result.classScores?.ensembles[result.result]).toEqual(classScores(mean, kept.targets));
    expect(Object.keys(result.classScores?.ensembles ?? {})).toEqual(result.ensembles.map(({ name }) => name));
  });

  it('lack what votes do not have', () => {
    const outputs = new Map([['tier0', Float32Array.of(0.9, 0.1, 0.2, 0.8)]]);
    const voting = anEnsemble({ name: 'votes', rule: 'majorityVote' });
    const { ensembles } = classScoresOf({ outputs, targets: Float32Array.of(0, 1) }, [anEnsemble(), voting]);
    const all = { balancedAccuracyPct: 100, macroF1Pct: 100, topFiveErrorPct: null };
    expect(ensembles).toEqual({ 'tier-0': { ...all, auc: 1 }, votes: { ...all, auc: null } });
  });

  it('stand in the CSV of a comparison with their means and standard errors', () => {
    const entries = [0, 1].map((seed) => {
      const run = { method: 'independent', seed, directory: out, state: 'finished' as const, result };
      return { run: { ...run, config: tinyConfig(TWO) }, ensemble: result.ensembles[0] };
    });
    const row = rowOf({ method: 'independent', ensemble: 'all', title: 'all', failures: [], entries });
    const [head, cells] = comparisonReport(aComparison({ rows: [row] }), 'csv').split('\n');
    const cellOf = (column: string) => cells.split(',')[head.split(',').indexOf(column)];
    const scores = result.classScores?.ensembles[result.ensembles[0].name];
    expect(Number(cellOf('balancedAccuracyPct'))).toBe(scores?.balancedAccuracyPct);
    expect(cellOf('balancedAccuracyPctSE')).toBe('0');
    expect(cellOf('topFiveErrorPct')).toBe('');
  });

  it('are none where numbers are predicted', async () => {
    const config = tinyConfig({ preset: 'wine-quality', scale: 'smoke', method: 'single', budget: { steps: 20 } });
    const other = path.join(directory, 'wine-quality');
    await session.run(config, { out: other });
    expect(await readResult(other)).not.toHaveProperty('classScores');
  });
});
