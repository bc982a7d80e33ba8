import { constant } from './schedules/constant';
import { garipov } from './schedules/garipov';
import { multiStep } from './schedules/multi-step';

/** A learning-rate schedule: the rate of every step of a training of `steps` steps that starts at `lr`. */
export type Schedule = (lr: number, steps: number) => Float64Array;

/** Schedules that a local solver can be given by name. To add one: a file beside this one, and a line here. */
export const SCHEDULES = { constant, garipov, multiStep } as const satisfies Record<string, Schedule>;
