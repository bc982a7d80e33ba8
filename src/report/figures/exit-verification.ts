import type { TopLevelSpec } from 'vega-lite';
import type { ExitVerification, Projected } from '../../verification/exit-view';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { CAPTION, INK } from './style';

const SIDES = ['from before the exit', 'from after the exit'] as const;
const COLOURS = [CAPTION.red, CAPTION.blue];
/** Maximum number of drawn points a trajectory, which may have 50,000 steps. */
const DRAWN = 250;

/** Figure 3c: trajectories of the gradient system from points before (red) and after (blue) an exit point. */
export function exitVerificationFigure(name: string, title: string, data: ExitVerification): Figure {
  const sideOf = (side: 'before' | 'after') => SIDES[side === 'before' ? 0 : 1];
  const trajectories = data.points.flatMap(({ side, trajectory, end }, k) =>
    [...thinned(trajectory), end].map(([x, y], step) => ({ start: k, side: sideOf(side), step, x, y })),
  );
  const starts = data.points.map(({ side, trajectory, end }) => ({ side: sideOf(side), ...xy(trajectory[0] ?? end) }));
  const ends = data.points.map(({ side, end }) => ({ side: sideOf(side), ...xy(end) }));
  return {
    name,
    title,
    description: describe(data),
    drawing: { grammar: 'vega-lite', spec: specOf(title, data, { trajectories, starts, ends }) },
    numbers: [
      numbersOf(
        `${name}-ends`,
        data.points.map(({ side, offset, trajectory, end }) => {
          const [startX, startY] = trajectory[0] ?? end;
          return { side, offset, startX, startY, endX: end[0], endY: end[1] };
        }),
      ),
      numbersOf(
        `${name}-trajectories`,
        data.points.flatMap(({ side, offset, trajectory }) =>
          trajectory.map(([x, y], sample) => ({ side, offset, sample, x, y })),
        ),
      ),
      numbersOf(`${name}-path`, data.path.map(xy)),
    ],
  };
}

interface Marks {
  readonly trajectories: readonly { start: number; side: string; step: number; x: number; y: number }[];
  readonly starts: readonly { side: string; x: number; y: number }[];
  readonly ends: readonly { side: string; x: number; y: number }[];
}

const SUBTITLE = 'x: start on the search path (grey); filled circle: where the trajectory ends; diamond: exit point';

function specOf(title: string, data: ExitVerification, marks: Marks): TopLevelSpec {
  const { path, exit, labels } = data;
  const axis = (field: string, name: string) => ({
    field,
    type: 'quantitative' as const,
    title: name,
    scale: { zero: false },
  });
  const at = { x: axis('x', labels[0]), y: axis('y', labels[1]) };
  const color = {
    field: 'side',
    type: 'nominal' as const,
    legend: { orient: 'top' as const, title: null, symbolType: 'stroke' },
    scale: { domain: [...SIDES], range: COLOURS },
  };
  const line = (values: readonly object[], mark: object, by: object) => ({
    data: { values: [...values] },
    mark: { type: 'line' as const, strokeWidth: 1.5, ...mark },
    encoding: { ...at, order: { field: 'step', type: 'quantitative' as const }, ...by },
  });
  const point = (values: readonly object[], mark: object, by: object) => ({
    data: { values: [...values] },
    mark: { type: 'point' as const, opacity: 1, ...mark },
    encoding: { ...at, ...by },
  });
  const layer = [
    line(
      path.map(xy).map((place, step) => ({ ...place, step })),
      { color: '#999999' },
      {},
    ),
    line(marks.trajectories, { opacity: 0.85 }, { color, detail: { field: 'start' } }),
    point(marks.starts, { shape: 'M-.5-.5L.5.5M-.5.5L.5-.5', size: 90, strokeWidth: 1.8 }, { color }),
    point(marks.ends, { shape: 'circle', size: 70, filled: true, stroke: 'white' }, { color }),
    point([xy(exit)], { shape: 'diamond', size: 180, color: INK, strokeWidth: 2 }, {}),
    { ...namesOf(data), encoding: { ...at, text: { field: 'text' } } },
  ];
  return { title: { text: lines(title, 80), subtitle: SUBTITLE }, width: 560, height: 420, layer };
}

/** Labels the path's start and its exit point. */
function namesOf({ path, exit }: ExitVerification) {
  const values = [
    { ...xy(path[0] ?? exit), text: 'tier-0 optimum' },
    { ...xy(exit), text: 'exit point' },
  ];
  return { data: { values }, mark: { type: 'text' as const, align: 'left' as const, dx: 9, dy: -9 } };
}

/** Keeps every n-th point, starting with the first, so that at most DRAWN remain. */
function thinned(trajectory: readonly Projected[]): readonly Projected[] {
  const every = Math.ceil(trajectory.length / DRAWN);
  return trajectory.filter((_, k) => k % every === 0);
}

function xy([x, y]: Projected): { x: number; y: number } {
  return { x, y };
}

function describe({ points }: ExitVerification): string {
  const count = (side: 'before' | 'after') => points.filter((point) => point.side === side).length;
  const centre = (side: 'before' | 'after') => {
    const ends = points.filter((point) => point.side === side).map(({ end }) => end);
    const mean = (k: 0 | 1) => ends.reduce((sum, end) => sum + end[k], 0) / ends.length;
    return ends.length === 0 ? 'nowhere' : `around (${mean(0).toFixed(2)}, ${mean(1).toFixed(2)})`;
  };
  return (
    `A search path in grey with ${count('before')} starting points before its exit point and ${count('after')} after it. The red ` +
    `trajectories from before the exit end ${centre('before')}, the blue ones from after it ${centre('after')}.`
  );
}
