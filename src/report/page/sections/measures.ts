import { combine } from '../../../ensemble/combine';
import type { TaskKind } from '../../../ensemble/task-kind';
import type { KeptOutputs } from '../../../store/outputs';
import type { EnsembleResult } from '../../../store/result';

/** Errors by kind of task, with their number of decimals. */
const ERRORS: Readonly<Record<TaskKind, { readonly title: string; readonly digits: number }>> = {
  classes: { title: 'error (%)', digits: 2 },
  labels: { title: 'wrong labels (%)', digits: 2 },
  numbers: { title: 'RMSE', digits: 4 },
};

/** Returns the name and the number of decimals of the error of a task's networks. */
export function errorOf(kind: TaskKind): { readonly title: string; readonly digits: number } {
  return ERRORS[kind];
}

/** Combines the outputs of an ensemble's members, [samples, columns]; null if a member's outputs were not kept. */
export function answersOf(
  { members, rule, weights }: EnsembleResult,
  { outputs, columns }: KeptOutputs,
): Float64Array | null {
  const own = members.flatMap((member) => outputs.get(member) ?? []);
  return own.length < members.length || own.length === 0 ? null : combine(own, columns, rule, weights ?? undefined);
}
