import type { Result } from '../../src';

/** First line of a rows file (JSON lines), which describes the others. */
export const HEADER = JSON.stringify({ rows: 'one run a line', errors: 'percent', losses: 'nats' });

/** Values of one run in the tables. */
export interface Row {
  readonly title: string;
  readonly method: string;
  readonly seed: number;
  readonly validationLoss: number | null;
  readonly validationErrorPct: number | null;
  readonly testLoss: number | null;
  readonly testErrorPct: number | null;
  readonly outputCorrelation: number | null;
  readonly parameterDistance: number | null;
  readonly steps: number;
  readonly searchSteps: number;
  readonly members: number;
  readonly exits: readonly { rho1: number; distance: number; cosine: number | null; rise: number; overrun: number }[];
  readonly barriers: readonly number[];
  readonly memberTestErrorPct: readonly number[];
}

/** Returns the row of a run's own ensemble. */
export function measure(title: string, result: Result): Row {
  const ensemble = result.ensembles.find(({ name }) => name === result.result);
  if (ensemble === undefined) throw new Error(`${title}: the result has no ensemble ${result.result}`);
  return {
    title,
    method: result.method,
    seed: result.seed,
    validationLoss: ensemble.validationLoss,
    validationErrorPct: ensemble.validationErrorPct,
    testLoss: ensemble.testLoss,
    testErrorPct: ensemble.testErrorPct,
    outputCorrelation: ensemble.outputCorrelation,
    parameterDistance: ensemble.parameterDistance,
    steps: result.budget.steps,
    searchSteps: result.budget.search,
    members: ensemble.members.length,
    exits: result.members.flatMap(({ exit }) =>
      exit === null ? [] : [{ ...pick(exit), rise: exit.peakLoss - exit.startLoss }],
    ),
    barriers: result.members.flatMap(({ barrierToParent }) => barrierToParent ?? []),
    memberTestErrorPct: result.members.flatMap(({ testErrorPct }) => testErrorPct ?? []),
  };
}

function pick({ rho1, distance, cosine, overrun }: NonNullable<Result['members'][number]['exit']>) {
  return { rho1, distance, cosine, overrun };
}
