import { counted, fixed } from './format';
import { terminalTable } from './render';
import { wrapped } from './wrap';

/** Point of a path, and the optimum at which the gradient system comes to rest from it. */
interface Row {
  readonly side: 'before' | 'after';
  readonly offset: number;
  readonly rho1: number;
  readonly loss: number;
  readonly end: { readonly optimum: string; readonly loss: number; readonly toOrigin: number };
}

interface Way {
  readonly offset: number;
  readonly rho1: number;
}

interface Check {
  readonly path: string;
  readonly exit: { readonly iteration: number; readonly rho1: number };
  readonly boundary: { readonly inside: Way; readonly outside: Way } | null;
  readonly samples: readonly Row[];
  readonly verdict: {
    readonly different: boolean;
    readonly within: number;
    readonly across: number;
    readonly barrier: number;
  };
}

/** Lists where each sample comes to rest: letter of the optimum (A: the origin's), loss, distance from the origin's. */
export function exitCheckTable({ samples }: Check): string {
  const head = ['side', 'steps from the exit', 'rho1', 'loss on the path', 'comes to rest at', 'loss there', 'from A'];
  const rows = samples.map(({ side, offset, rho1, loss, end }) => [
    side,
    `${offset}`,
    fixed(rho1, 3),
    fixed(loss, 4),
    end.optimum,
    fixed(end.loss, 4),
    fixed(end.toOrigin, 4),
  ]);
  return terminalTable({ head, texts: 1, rows });
}

/** States the verdict in words, with the numbers behind it. */
export function exitCheckWords({ path, exit, boundary, samples, verdict }: Check): string {
  const optima = (side: Row['side']) =>
    [...new Set(samples.filter((sample) => sample.side === side).map(({ end }) => end.optimum))].join(', ');
  const { different, within, across, barrier } = verdict;
  const numbers =
    `nearest ends of the two sides lie ${fixed(across, 4)} apart, ends of one side up to ${fixed(within, 4)}, ` +
    `and the barrier between them is ${fixed(barrier, 4)}`;
  return (
    `The exit of ${path} at iteration ${exit.iteration} (rho1 ${fixed(exit.rho1, 2)}) ` +
    `${different ? 'separates two optima' : 'is not shown to separate two optima'}: points before it come to rest at ` +
    `${optima('before')}, points after it at ${optima('after')}; ${numbers}. ${boundaryWords(boundary)}`
  );
}

function boundaryWords(boundary: Check['boundary']): string {
  if (boundary === null) return 'Nowhere on the path was the boundary of the stability region of its origin (A) found.';
  const { inside, outside } = boundary;
  return (
    `The path leaves the stability region of its origin (A) between ${steps(inside.offset)} (rho1 ${fixed(inside.rho1, 2)}) and ` +
    `${steps(outside.offset)} (rho1 ${fixed(outside.rho1, 2)}).`
  );
}

function steps(offset: number): string {
  if (offset === 0) return 'the maximum of its loss';
  return `${Math.abs(offset)} steps ${offset < 0 ? 'before' : 'after'} the maximum of its loss`;
}

interface Segment {
  readonly from: string;
  readonly to: string;
  readonly barrier: number;
}

/** Lists the barrier between every two networks and counts those of at least `rise`. */
export function barriersTable(segments: readonly Segment[], rise: number): string {
  const rows = segments.map(({ from, to, barrier }) => [from, to, fixed(barrier, 4)]);
  const high = segments.filter(({ barrier }) => barrier >= rise).length;
  return `${terminalTable({ head: ['from', 'to', 'barrier'], texts: 2, rows })}\n\n${wrapped(barrierWords(high, segments.length, rise))}`;
}

function barrierWords(high: number, all: number, rise: number): string {
  const segments = counted(all, 'segment');
  if (high === 0)
    return `No barrier of ${rise} or more on ${segments}: nothing shows that these networks are different optima.`;
  const found = `${high} of ${segments} ${high === 1 ? 'has' : 'have'} a barrier of ${rise} or more: the ends of such a segment are different optima`;
  return high === all ? `${found}.` : `${found}; nothing shows it of the other ${all - high}.`;
}

/** Check of an exit on a closed-form objective. `reached`: optimum to which the flow leads from a sample, or null. */
interface OptimumCheck {
  readonly optimum: number;
  readonly parent: number;
  readonly separates: boolean;
  readonly samples: readonly {
    readonly offset: number;
    readonly rho1: number;
    readonly value: number;
    readonly reached: number | null;
  }[];
}

/** Lists the optimum at which each sample comes to rest. */
export function optimumCheckTable({ samples }: OptimumCheck): string {
  return terminalTable({
    head: ['steps from the exit', 'rho1', 'value', 'comes to rest at optimum'],
    texts: 0,
    rows: samples.map(({ offset, rho1, value, reached }) => [
      `${offset}`,
      fixed(rho1, 3),
      fixed(value, 4),
      reached === null ? 'none' : `${reached}`,
    ]),
  });
}

/** States in words whether the exit separates the two optima. */
export function optimumCheckWords({ optimum, parent, separates, samples }: OptimumCheck): string {
  const to = (side: (offset: number) => boolean) =>
    [...new Set(samples.filter(({ offset }) => side(offset)).map(({ reached }) => reached ?? 'none'))].join(', ');
  const ends = `points before the exit come to rest at ${to((offset) => offset < 0)}, points after it at ${to((offset) => offset > 0)}`;
  return `The exit from optimum ${parent} to optimum ${optimum} ${separates ? 'separates' : 'does not cleanly separate'} them: ${ends}.`;
}
