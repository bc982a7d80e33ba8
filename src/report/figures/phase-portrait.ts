import type { Data, GroupMark, Mark, Spec } from 'vega';
import { lines } from '../wrap';
import { type ContourGrid, contourData, contourMark, type Place } from './contours';
import { type Figure, numbersOf } from './figure';
import { CAPTION, INK } from './style';

/** Two-dimensional objective with a dynamic search path on it. */
export interface PhasePortrait {
  readonly objective: string;
  readonly box: { readonly lower: Place; readonly upper: Place };
  readonly grid: ContourGrid;
  /** Flow (the negative gradient) at some places. */
  readonly flow: readonly { readonly at: Place; readonly vector: Place }[];
  /** Stable equilibrium points; the first is the start of the search. */
  readonly seps: readonly { readonly name: string; readonly at: Place }[];
  /** Steps of the search path: forward from `from` to `forward`, calibrated from there to `to`. */
  readonly steps: readonly {
    readonly rho1: number;
    readonly from: Place;
    readonly forward: Place;
    readonly to: Place;
  }[];
  /** Point of the highest loss on the path; null if the path found no exit. */
  readonly exit: Place | null;
  /** Equilibrium point in which the path ends; null if it ends in none or in its start. */
  readonly reached: string | null;
  /** Number of the random direction, from 1; the directions before it led out of the box or back. */
  readonly direction: number;
}

const SIDE = 360;
const ARROW = 'M-.5 0L.5 0M.15-.25L.5 0L.15.25';
const HEAD = 'M-.5-.45L.5 0L-.5.45Z';

/** Figure 2: (a) contours, flow and equilibria of an objective; (b) a dynamic search path, step by step. */
export function phasePortraitFigure(name: string, title: string, data: PhasePortrait): Figure {
  const { seps, steps, exit, flow } = data;
  return {
    name,
    title,
    description: describe(data),
    drawing: { grammar: 'vega', spec: specOf(title, data) },
    numbers: [
      numbersOf(
        `${name}-flow`,
        flow.map(({ at, vector }) => ({ x: at[0], y: at[1], flowX: vector[0], flowY: vector[1] })),
      ),
      numbersOf(
        `${name}-seps`,
        seps.map(({ name: sep, at }) => ({ sep, x: at[0], y: at[1] })),
      ),
      numbersOf(
        `${name}-path`,
        steps.map(({ rho1, from, forward, to }, step) => ({
          step,
          rho1,
          fromX: from[0],
          fromY: from[1],
          forwardX: forward[0],
          forwardY: forward[1],
          toX: to[0],
          toY: to[1],
          exit: exit !== null && forward[0] === exit[0] && forward[1] === exit[1] ? 1 : 0,
        })),
      ),
    ],
  };
}

function specOf(title: string, data: PhasePortrait): Spec {
  const panel = (heading: string, marks: Mark[]): GroupMark => ({
    type: 'group',
    title: { text: heading, fontWeight: 'normal' },
    encode: { update: { width: { value: SIDE }, height: { value: SIDE } } },
    axes: [
      { orient: 'bottom', scale: 'x', title: 'x', tickCount: 5 },
      { orient: 'left', scale: 'y', title: 'y', tickCount: 5 },
    ],
    marks: [
      { type: 'group', clip: true, encode: { update: { width: { value: SIDE }, height: { value: SIDE } } }, marks },
    ],
  });
  return {
    title: { text: lines(title, 100) },
    layout: { columns: 2, padding: 70, align: 'all', bounds: 'flush' },
    data: dataOf(data),
    scales: [axisScale('x', data, 0, [0, SIDE]), axisScale('y', data, 1, [SIDE, 0]), LEGEND],
    legends: [{ stroke: 'steps', orient: 'bottom', columns: 3, symbolType: 'stroke' }],
    marks: [
      panel('(a) contours, flow, stable equilibrium points', [contourMark(), arrows(), ...sepMarks()]),
      panel('(b) the dynamic search path (DSP) on it', [contourMark(), ...pathMarks(), ...sepMarks()]),
    ],
  };
}

const LEGEND = {
  name: 'steps',
  type: 'ordinal' as const,
  domain: ['DSP path', 'forward search step', 'calibration step'],
  range: [CAPTION.black, CAPTION.blue, CAPTION.red],
};

function axisScale(name: string, { box }: PhasePortrait, axis: 0 | 1, range: [number, number]) {
  return { name, type: 'linear' as const, domain: [box.lower[axis], box.upper[axis]], range, zero: false, nice: false };
}

function dataOf({ box, grid, flow, seps, steps, exit }: PhasePortrait): Data[] {
  const toAngle = ([dx, dy]: Place) =>
    (Math.atan2(-dy / (box.upper[1] - box.lower[1]), dx / (box.upper[0] - box.lower[0])) * 180) / Math.PI;
  const vectors = (kind: 'forward' | 'calibration', from: Place, to: Place) => ({
    kind,
    ...ends(from, to),
    angle: toAngle([to[0] - from[0], to[1] - from[1]]),
  });
  return [
    contourData(grid, SIDE),
    { name: 'flow', values: flow.map(({ at, vector }) => ({ x: at[0], y: at[1], angle: toAngle(vector) })) },
    { name: 'seps', values: seps.map(({ name, at }) => ({ label: name, x: at[0], y: at[1] })) },
    {
      name: 'path',
      values: [...steps.map(({ from }) => from), ...steps.slice(-1).map(({ to }) => to)].map(([x, y]) => ({ x, y })),
    },
    {
      name: 'vectors',
      values: steps
        .flatMap(({ from, forward, to }) => [vectors('forward', from, forward), vectors('calibration', forward, to)])
        .filter(({ x, y, x2, y2 }) => x !== x2 || y !== y2),
    },
    { name: 'exit', values: exit === null ? [] : [{ x: exit[0], y: exit[1] }] },
  ];
}

function ends(from: Place, to: Place) {
  return { x: from[0], y: from[1], x2: to[0], y2: to[1] };
}

function arrows(): Mark {
  const shape = { shape: { value: ARROW }, size: { value: 190 }, stroke: { value: INK }, strokeWidth: { value: 1 } };
  return {
    type: 'symbol',
    from: { data: 'flow' },
    encode: { enter: { ...at('x', 'y'), ...shape, angle: { field: 'angle' } } },
  };
}

function sepMarks(): Mark[] {
  const disc = { size: { value: 130 }, fill: { value: 'white' }, stroke: { value: INK }, strokeWidth: { value: 2 } };
  const letters = {
    text: { field: 'label' },
    dy: { value: 22 },
    align: { value: 'center' as const },
    fontWeight: { value: 'bold' as const },
  };
  return [
    { type: 'symbol', from: { data: 'seps' }, encode: { enter: { ...at('x', 'y'), ...disc } } },
    { type: 'text', from: { data: 'seps' }, encode: { enter: { ...at('x', 'y'), ...letters } } },
  ];
}

function pathMarks(): Mark[] {
  const stroke = { scale: 'steps', signal: "datum.kind === 'forward' ? 'forward search step' : 'calibration step'" };
  const to = { x2: { scale: 'x', field: 'x2' }, y2: { scale: 'y', field: 'y2' } };
  const head = { shape: { value: HEAD }, size: { value: 60 }, angle: { field: 'angle' }, fill: stroke };
  const cross = {
    shape: { value: 'diamond' },
    size: { value: 170 },
    stroke: { value: INK },
    strokeWidth: { value: 2 },
  };
  const letters = {
    text: { value: 'exit point' },
    dx: { value: 0 },
    dy: { value: -16 },
    align: { value: 'center' as const },
  };
  return [
    {
      type: 'line',
      from: { data: 'path' },
      encode: { enter: { ...at('x', 'y'), stroke: { value: CAPTION.black }, strokeWidth: { value: 3 } } },
    },
    {
      type: 'rule',
      from: { data: 'vectors' },
      encode: { enter: { ...at('x', 'y'), ...to, stroke, strokeWidth: { value: 1.4 } } },
    },
    { type: 'symbol', from: { data: 'vectors' }, encode: { enter: { ...at('x2', 'y2'), ...head } } },
    {
      type: 'symbol',
      from: { data: 'path' },
      encode: { enter: { ...at('x', 'y'), size: { value: 18 }, fill: { value: CAPTION.black } } },
    },
    { type: 'symbol', from: { data: 'exit' }, encode: { enter: { ...at('x', 'y'), ...cross } } },
    { type: 'text', from: { data: 'exit' }, encode: { enter: { ...at('x', 'y'), ...letters } } },
  ];
}

function at(x: string, y: string) {
  return { x: { scale: 'x', field: x }, y: { scale: 'y', field: y } };
}

function describe({ objective, seps, steps, exit }: PhasePortrait): string {
  const place = ([x, y]: Place) => `(${x.toFixed(2)}, ${y.toFixed(2)})`;
  const wells = seps.map(({ name, at: where }) => `${name} at ${place(where)}`).join(', ');
  const last = steps[steps.length - 1];
  const way = exit === null ? 'finds no exit point' : `passes its exit point at ${place(exit)}`;
  return (
    `(a) Contours of ${objective} with arrows along minus its gradient and the stable equilibrium points ${wells}. (b) A search ` +
    `path of ${steps.length} steps in black, forward steps in blue, calibration steps in red: it leaves ${seps[0].name}, ${way}` +
    `${last === undefined ? '' : ` and ends at ${place(last.to)}`}.`
  );
}
