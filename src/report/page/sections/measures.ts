import { combine } from '../../../ensemble/combine';
import type { TaskKind } from '../../../ensemble/task-kind';
import type { KeptOutputs } from '../../../store/outputs';
import type { EnsembleResult } from '../../../store/result';

/** Returns the name and the number of decimals of the error of a task's networks. */
export function errorOf(kind: TaskKind): { readonly title: string; readonly digits: number } {
  return kind === 'numbers' ? { title: 'RMSE', digits: 4 } : { title: 'error (%)', digits: 2 };
}

/** Combines the outputs of an ensemble's members, [samples, columns]; null if a member's outputs were not kept. */
export function answersOf(
  { members, rule, weights }: EnsembleResult,
  { outputs, columns }: KeptOutputs,
): Float64Array | null {
  const own = members.flatMap((member) => outputs.get(member) ?? []);
  return own.length < members.length || own.length === 0 ? null : combine(own, columns, rule, weights ?? undefined);
}
