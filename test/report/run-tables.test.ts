import type { TextTable } from '../../src/report/render';
import { summary } from '../../src/report/summary';
import { classScoreRows, ensembleRows, memberRows } from '../../src/report/tables';
import type { MemberResult } from '../../src/store/result';
import { aMember, anEnsemble, aResult } from '../store/a-result';

const anExit = { step: 40, rho1: 1, distance: 8.5, cosine: 0.99, startLoss: 0, peakLoss: 2, overrun: 3, barrier: null };

function aPath(name: string, over: Partial<MemberResult> = {}): MemberResult {
  const tier = Number(name.charAt(4));
  return aMember({ name, tier, parent: 'tier0', exit: anExit, round: 1, barrierToParent: 0.002, ...over });
}

const exhausted = { state: 'exhausted', exit: null, barrierToParent: null } as const;
const head = (table: TextTable) => table.head;
const row = (table: TextTable, name: string) => table.rows.find(([first]) => first.startsWith(name)) ?? [];

describe('the table of networks', () => {
  it('shows round and verified barrier where there was a search, and not otherwise', () => {
    const verified = { ...anExit, barrier: 0.25 };
    const table = memberRows(aResult({ members: [aMember(), aPath('tier1-1', { exit: verified, round: 2 })] }));
    const cell = (name: string, column: string) => row(table, name)[head(table).indexOf(column)];
    expect([cell('tier1-1', 'round'), cell('tier1-1', 'barrier at exit')]).toEqual(['2', '0.2500']);
    expect([cell('tier0', 'round'), cell('tier0', 'exit at step')]).toEqual(['-', '-']);
    expect(head(memberRows(aResult()))).toEqual(['network', 'from', 'state', 'test error %', 'test loss']);
  });

  it('has the root mean squared error instead of an error where numbers are predicted', () => {
    const table = memberRows(aResult({ members: [aMember({ testErrorPct: null, testRmse: 0.65 })] }));
    expect(head(table)).toEqual(['network', 'from', 'state', 'test RMSE', 'test loss']);
    expect(row(table, 'tier0')).toContain('0.6500');
  });
});

it('the table of ensembles marks the result, and shows calibrated loss and disagreement', () => {
  const table = ensembleRows(aResult({ ensembles: [anEnsemble({ disagreementPct: 4.5 })] }));
  expect(row(table, 'tier-0')[0]).toBe('tier-0 (the result)');
  expect(row(table, 'tier-0')[head(table).indexOf('calibrated loss')]).toBe('0.2900');
  expect(row(table, 'tier-0')[head(table).indexOf('disagreement %')]).toBe('4.50');
});

describe('the table of class scores', () => {
  const scores = { balancedAccuracyPct: 91.234, macroF1Pct: 90, topFiveErrorPct: null, auc: 0.98765 };

  it('has ensembles, then networks, and no column that is empty', () => {
    const classScores = { networks: { tier0: { ...scores, auc: null } }, ensembles: { 'tier-0': scores } };
    const table = classScoreRows(aResult({ classScores }));
    expect(table?.head).toEqual(['ensemble or network', 'balanced accuracy %', 'macro F1 %', 'AUC']);
    expect(table?.rows.map((cells) => cells.join())).toEqual(['tier-0,91.23,90.00,0.9877', 'tier0,91.23,90.00,-']);
  });

  it('is none where numbers are predicted, and for runs of earlier versions', () => {
    expect(classScoreRows(aResult())).toBeNull();
  });
});

describe('the summary of a run', () => {
  const dspTt = { method: 'dsp-tt', budget: { steps: 250, epochs: 80, tier0: 100, search: 75 } };
  const score = 'tier-0 of 1: test error 6.00 %, test loss 0.3000.';

  it('counts the paths of one tier, and says when no barrier shows another optimum', () => {
    const members = [aMember(), aPath('tier1-1'), aPath('tier1-2', exhausted)];
    expect(summary(aResult({ ...dspTt, members }))).toBe(
      '1 of 2 paths passed an exit point (their loss rose and fell again) within 75 search steps; the highest loss ' +
        `barrier between tier 0 and a tier-1 network is 0.0020 nats, so nothing shows that they are different optima; ${score}`,
    );
  });

  it('counts the paths of each of several tiers, and not the fine-tuned copies', () => {
    const members = [
      aMember(),
      aPath('tier1-1', { barrierToParent: 0.5 }),
      aPath('tier1-1-tuned'),
      aPath('tier2-1', exhausted),
      aPath('tier2-2'),
    ];
    expect(summary(aResult({ ...dspTt, members }))).toBe(
      'tier 1: 1 of 1 paths, tier 2: 1 of 2 paths passed an exit point (their loss rose and fell again) within 75 search ' +
        `steps; the highest loss barrier between a network and the one it was searched from is 0.5000 nats; ${score}`,
    );
  });

  it('says that exits were verified, and that none was found', () => {
    const verified = [aMember(), aPath('tier1-1', { exit: { ...anExit, barrier: 0.1 } })];
    expect(summary(aResult({ ...dspTt, members: verified }))).toContain('and a loss barrier lies behind them');
    expect(summary(aResult({ ...dspTt, members: [aMember(), aPath('tier1-1', exhausted)] }))).toContain(
      '0 of 1 paths passed an exit point (their loss rose and fell again) within 75 search steps; no tier-1 network was found',
    );
  });

  it('is the score alone for other methods, and that of numbers for a regression', () => {
    expect(summary(aResult())).toBe(score);
    const ensembles = [anEnsemble({ testErrorPct: null, testRmse: 0.65, testLoss: 0.4225 })];
    expect(summary(aResult({ ensembles }))).toBe('tier-0 of 1: test RMSE 0.6500, test loss 0.4225.');
  });
});
