import type { MemberResult, Result } from '../store/result';
import { fixed } from './format';
import { type TextTable, terminalTable, withoutEmptyColumns } from './render';

/** Renders a run's networks for a terminal. */
export function membersTable(result: Result): string {
  return terminalTable(memberRows(result));
}

/** Renders a run's ensembles for a terminal. */
export function ensemblesTable(result: Result): string {
  return terminalTable(ensembleRows(result));
}

/** Lists a run's networks with their scores as single networks, which a narrow page shows too, and their search. */
export function memberRows({ members }: Result): TextTable {
  const head = [
    'network',
    'from',
    'state',
    'test error %',
    'test RMSE',
    'test loss',
    'round',
    'exit at step',
    'rho1',
    'distance',
    'cosine',
    'barrier at exit',
    'barrier',
  ];
  return withoutEmptyColumns({ head, rows: members.map(memberCells), texts: 3 });
}

function memberCells({ name, parent, state, divergedAt, round, exit, ...measured }: MemberResult): string[] {
  return [
    name,
    parent ?? '-',
    divergedAt === null ? state : `${state} at step ${divergedAt}`,
    fixed(measured.testErrorPct, 2),
    fixed(measured.testRmse, 4),
    fixed(measured.testLoss, 4),
    fixed(round, 0),
    fixed(exit?.step, 0),
    fixed(exit?.rho1, 2),
    fixed(exit?.distance, 2),
    fixed(exit?.cosine, 3),
    fixed(exit?.barrier, 4),
    fixed(measured.barrierToParent, 4),
  ];
}

/** Lists the scores of classes or labels of a run's ensembles and networks; null if it has none. */
export function classScoreRows({ classScores }: Result): TextTable | null {
  if (classScores === undefined) return null;
  const head = [
    'ensemble or network',
    'balanced accuracy %',
    'macro F1 %',
    'top-5 error %',
    'AUC',
    'all labels right %',
  ];
  const all = [...Object.entries(classScores.ensembles), ...Object.entries(classScores.networks)];
  const rows = all.map(([name, { balancedAccuracyPct, macroF1Pct, topFiveErrorPct, auc, subsetAccuracyPct }]) => [
    name,
    ...[
      fixed(balancedAccuracyPct, 2),
      fixed(macroF1Pct, 2),
      fixed(topFiveErrorPct, 2),
      fixed(auc, 4),
      fixed(subsetAccuracyPct, 2),
    ],
  ]);
  return withoutEmptyColumns({ head, rows, texts: 1 });
}

/** Lists a run's ensembles with their scores; the result is marked. */
export function ensembleRows({ ensembles, result }: Result): TextTable {
  const head = [
    'ensemble',
    'members',
    'test error %',
    'test RMSE',
    'test loss',
    'calibrated loss',
    'Brier',
    'ECE %',
    'output corr.',
    'param. dist.',
    'disagreement %',
  ];
  const rows = ensembles.map(({ name, members, ...measured }) => [
    name === result ? `${name} (the result)` : name,
    String(members.length),
    fixed(measured.testErrorPct, 2),
    fixed(measured.testRmse, 4),
    fixed(measured.testLoss, 4),
    fixed(measured.calibratedTestLoss, 4),
    fixed(measured.brier, 4),
    fixed(measured.ecePct, 2),
    fixed(measured.outputCorrelation, 4),
    fixed(measured.parameterDistance, 2),
    fixed(measured.disagreementPct, 2),
  ]);
  return withoutEmptyColumns({ head, rows, texts: 1 });
}
