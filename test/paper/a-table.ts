import { meanAndError } from '../../src/comparison/statistics';
import { type Architecture, architecturesOf, rowsOf, type TableName, type TableRow } from '../../src/paper/table-rows';
import type { ReproducedRow, ReproducedTable, TableMeasure } from '../../src/store/reproduction';

type Values = Partial<Record<TableMeasure, number | null>>;
const SPLIT = 'cifar10';

/** A row as if it had been measured once or over seeds: what the paper prints on CIFAR-10, and what differs by seed. */
export function aRow(
  row: Pick<TableRow, 'name' | 'label' | 'contestant' | 'paper'> & { readonly architecture: Architecture },
  over: readonly Values[] = [{}],
): ReproducedRow {
  const { name, label, contestant, paper, architecture } = row;
  const values = {
    testErrorPct: paper?.testErrorPct[SPLIT] ?? null,
    testLoss: paper?.testLoss?.[SPLIT] ?? null,
    outputCorrelation: paper?.outputCorrelation?.[SPLIT] ?? null,
    parameterDistance: paper?.parameterDistance?.[SPLIT] ?? null,
  };
  const rest = { members: paper?.models ?? 1, steps: 100, barrier: null, lowestBarrier: null, seconds: 1 };
  const scores = over.map((one, seed) => ({
    seed,
    run: `runs/${name}-${seed}`,
    values: { ...values, ...rest, ...one },
  }));
  const mean = (measure: TableMeasure) => meanAndError(scores.map((score) => score.values[measure]));
  return {
    name,
    label,
    network: architecture,
    method: contestant.method,
    paper: paper && { place: paper.place, models: paper.models, values },
    peers: [],
    scores,
    failures: [],
    means: {
      members: mean('members'),
      steps: mean('steps'),
      testErrorPct: mean('testErrorPct'),
      testLoss: mean('testLoss'),
      outputCorrelation: mean('outputCorrelation'),
      parameterDistance: mean('parameterDistance'),
      barrier: mean('barrier'),
      lowestBarrier: mean('lowestBarrier'),
      seconds: mean('seconds'),
    },
  };
}

/** A table at full scale that has the paper's own numbers, but for rows by name. */
export function aTable(
  table: TableName,
  over: Readonly<Record<string, readonly Values[]>> = {},
  rest: Partial<ReproducedTable> = {},
): ReproducedTable {
  const rows = rowsOf(table, architecturesOf(table)).map((row) => aRow(row, over[row.name]));
  return { schema: 1, table, dataset: SPLIT, scale: 'full', seeds: [0], rows, claims: [], ...rest };
}
