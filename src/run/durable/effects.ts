import type { Args, Op } from '../../bridge/wire/protocol';

/** Key of a point or a path: its kind and name. */
export type StateKey = `${'point' | 'path'}:${string}`;

/** Points and paths that a command changes or drops. */
export interface Effect {
  readonly changes: readonly StateKey[];
  readonly drops: readonly StateKey[];
}

const NONE: Effect = { changes: [], drops: [] };
const point = (name: string): StateKey => `point:${name}`;
const path = (name: string): StateKey => `path:${name}`;
const changing = (...changes: StateKey[]): Effect => ({ changes, drops: [] });

/** Effect of every operation; a missing one does not compile. */
const EFFECTS: { readonly [O in Op]: (args: Args<O>) => Effect } = {
  newPoint: (args) => changing(point(args.point)),
  copyPoint: (args) => changing(point(args.point)),
  placePoint: (args) => changing(point(args.point)),
  averagePoints: (args) => changing(point(args.point)),
  takeAverage: (args) => changing(point(args.point)),
  loadPoint: (args) => changing(point(args.point)),
  pointFromPath: (args) => changing(point(args.point)),
  reestimate: (args) => changing(point(args.point)),
  descend: (args) => changing(point(args.point)),
  descendStack: ({ points }) => changing(...points.map(point)),
  newPath: (args) => changing(path(args.path)),
  search: ({ paths, path: picked }) => changing(...[...new Set(picked)].map((k) => path(paths[k]))),
  loadState: ({ kind, name }) => changing(`${kind}:${name}`),
  drop: ({ points, paths }) => ({ changes: [], drops: [...points.map(point), ...paths.map(path)] }),
  saveState: () => NONE,
  hello: () => NONE,
  models: () => NONE,
  open: () => NONE,
  savePoint: () => NONE,
  probe: () => NONE,
  evaluate: () => NONE,
  targets: () => NONE,
  rawSamples: () => NONE,
  distances: () => NONE,
  segment: () => NONE,
  memory: () => NONE,
  beat: () => NONE,
  cancel: () => NONE,
  shutdown: () => NONE,
};

/** Returns the effect of a command. One that only measures has none, and need not be repeated in a new worker. */
export function effectOf<O extends Op>(op: O, args: Args<O>): Effect {
  return EFFECTS[op](args);
}

/** Contents of the executor: each point and path, with the number of the command that changed it last. */
export type World = ReadonlyMap<StateKey, number>;

/** Returns the world after a command, by its number. */
export function afterCommand(world: World, { changes, drops }: Effect, command: number): World {
  const next = new Map(world);
  for (const key of drops) next.delete(key);
  for (const key of changes) next.set(key, command);
  return next;
}
