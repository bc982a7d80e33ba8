/**
 * Losses by which networks are scored: the cross-entropy of softmax outputs, or the mean squared error of predicted
 * numbers.
 */
export const LOSSES = ['crossEntropy', 'meanSquared'] as const;
export type LossName = (typeof LOSSES)[number];

/** Answer that a task wants for a sample: one of several classes, or a number. */
export type TaskKind = 'classes' | 'numbers';

const KINDS: Readonly<Record<LossName, TaskKind>> = { crossEntropy: 'classes', meanSquared: 'numbers' };

/** Returns the kind of the tasks that a loss is for; the worker refuses data of another kind. */
export function kindOf(loss: LossName): TaskKind {
  return KINDS[loss];
}
