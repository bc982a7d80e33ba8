/**
 * Losses by which networks are scored: the cross-entropy of softmax outputs, that of labels' sigmoid outputs as a mean over
 * labels, or the mean squared error of predicted numbers.
 */
export const LOSSES = ['crossEntropy', 'binaryCrossEntropy', 'meanSquared'] as const;
export type LossName = (typeof LOSSES)[number];

/** Answer that a task wants for a sample: one of several classes, any of several labels, or a number. */
export type TaskKind = 'classes' | 'labels' | 'numbers';

const KINDS: Readonly<Record<LossName, TaskKind>> = {
  crossEntropy: 'classes',
  binaryCrossEntropy: 'labels',
  meanSquared: 'numbers',
};

/** Returns the kind of the tasks that a loss is for; the worker refuses data of another kind. */
export function kindOf(loss: LossName): TaskKind {
  return KINDS[loss];
}
