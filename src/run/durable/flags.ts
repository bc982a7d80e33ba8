/** Targets are requested before networks are measured, so that a display can score ensembles as their networks come. */
export const TARGETS_FIRST = 1;

/** Temperatures are fitted with a prior, which few validation samples do not outweigh. */
export const TEMPERATURE_PRIOR = 2;

/** Barriers are measured on so few training samples that they take a tenth of the training's passes at most. */
export const CHEAP_BARRIERS = 3;

/** Trainings evaluate the validation split on the way, as the configuration says. */
export const VALIDATION_POINTS = 4;

/**
 * Changes of behaviour of a method or an executor that would contradict older journals, by number. A run keeps the
 * flags that it was begun with, and the code that changed checks its flag, so that old runs can still be resumed.
 */
export const BEHAVIOUR_FLAGS: Readonly<Record<number, string>> = {
  [TARGETS_FIRST]: 'targets are asked before the networks are measured',
  [TEMPERATURE_PRIOR]: 'temperatures are fitted with a prior',
  [CHEAP_BARRIERS]: 'barriers take a tenth of the training at most',
  [VALIDATION_POINTS]: 'trainings evaluate the validation split on the way',
};

/** The flags of runs that begin now. */
export const CURRENT_FLAGS: readonly number[] = Object.keys(BEHAVIOUR_FLAGS).map(Number);
