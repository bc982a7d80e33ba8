import { ConfigError, UsageError } from '../../errors';
import { ackley } from './ackley';
import { himmelblau } from './himmelblau';
import { cube, type Objective } from './objective';
import { rastrigin } from './rastrigin';
import { rosenbrock } from './rosenbrock';
import { sixHumpCamel } from './six-hump-camel';
import { styblinskiTang } from './styblinski-tang';
import { twoWell } from './two-well';

/**
 * Objectives by name: the function that creates each, and its range of dimensions. To add one: a file, and a line here.
 */
export const OBJECTIVES = {
  'six-hump-camel': { make: sixHumpCamel, least: 2, most: 2 },
  himmelblau: { make: himmelblau, least: 2, most: 2 },
  rastrigin: { make: rastrigin, least: 1, most: 100 },
  ackley: { make: ackley, least: 1, most: 100 },
  'styblinski-tang': { make: styblinskiTang, least: 1, most: 100 },
  rosenbrock: { make: rosenbrock, least: 2, most: 100 },
  'two-well': { make: twoWell, least: 2, most: 2 },
} as const satisfies Readonly<Record<string, Kind>>;

interface Kind {
  readonly make: (dims: number) => Objective;
  readonly least: number;
  readonly most: number;
}

/**
 * Name of an objective, its number of dimensions, and the box [from, to] of every axis; null: the objective's own box.
 */
export interface ObjectiveSpec {
  readonly name: string;
  readonly dims: number;
  readonly box: readonly [number, number] | null;
}

/**
 * Creates an objective.
 * @throws UsageError on an unknown name
 * @throws ConfigError on a number of dimensions outside the objective's range
 */
export function makeObjective({ name, dims, box }: ObjectiveSpec): Objective {
  const kind: Kind | undefined = Object.entries(OBJECTIVES).find(([key]) => key === name)?.[1];
  if (kind === undefined) {
    throw new UsageError(`unknown objective '${name}'; known: ${Object.keys(OBJECTIVES).join(', ')}`);
  }
  const { make, least, most } = kind;
  if (dims < least || dims > most) {
    const range = least === most ? `${least}` : `${least} to ${most}`;
    throw new ConfigError(`objective.dims must be ${range} for ${name}, got ${dims}`);
  }
  const objective = make(dims);
  return box === null ? objective : { ...objective, box: cube(dims, box[0], box[1]) };
}
