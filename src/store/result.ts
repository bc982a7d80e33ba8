import { z } from 'zod';
import { RULES } from '../ensemble/combine';

const count = z.int().nonnegative();
/** A measurement; null if there is none, or if a network diverged. */
const measured = z.number().nullable();

/** Returns a number as JSON can hold it: null for NaN and infinity. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Name of a network. It is part of file names, so the pattern forbids leaving the folder. */
const networkName = z.string().regex(/^[^/\\\0.][^/\\\0]*$/);

const exit = z.strictObject({
  step: count,
  rho1: z.number(),
  distance: z.number(),
  cosine: measured,
  startLoss: z.number(),
  peakLoss: z.number(),
  overrun: count,
  /** Loss barrier between origin and path that verified the exit; null if it was not requested. */
  barrier: measured,
});

const anyMember = z.strictObject({
  name: networkName,
  tier: count,
  parent: z.string().nullable(),
  exit: exit.nullable(),
  /** Round in which its path was searched, from 1; null without a search. */
  round: count.nullable(),
  state: z.enum(['trained', 'given', 'exhausted', 'diverged']),
  divergedAt: count.nullable(),
  trainLoss: measured,
  validationErrorPct: measured,
  validationLoss: measured,
  /** Root mean squared error; null for classification. */
  validationRmse: measured,
  testErrorPct: measured,
  testLoss: measured,
  testRmse: measured,
  barrierToParent: measured,
  file: z.string().nullable(),
  sha256: z.string().nullable(),
});

const member = anyMember.refine(({ name, file }) => file === null || file === `members/${name}.safetensors`, {
  error: "a member's file must be members/NAME.safetensors",
});

const ensemble = z.strictObject({
  name: z.string(),
  members: z.array(networkName),
  rule: z.enum(RULES),
  /** One weight a member; null if the rule does not weigh members. */
  weights: z.array(z.number()).nullable(),
  validationErrorPct: measured,
  validationLoss: measured,
  validationRmse: measured,
  testErrorPct: measured,
  testLoss: measured,
  testRmse: measured,
  /** Temperature fitted on validation samples, and the test loss at that temperature. */
  temperature: measured,
  calibratedTestLoss: measured,
  /** Number of those samples, and how many of them are mistaken; absent without a temperature, and in older runs. */
  fittedOn: z.strictObject({ samples: count, mistakes: count }).optional(),
  brier: measured,
  ecePct: measured,
  outputCorrelation: measured,
  parameterDistance: measured,
  /** Percentage of the test samples on which two members predict differently, averaged over pairs. */
  disagreementPct: measured,
});

const matrix = z.array(z.array(measured));

/**
 * Measures between every two networks, in the order of `names`: on the test split, in parameters, and in training loss.
 */
const pairs = z.strictObject({
  names: z.array(z.string()),
  outputCorrelation: matrix,
  parameterDistance: matrix,
  disagreementPct: matrix,
  barrier: matrix.nullable(),
});

/** Scores of classes or labels beside the error, on the test split: `ensemble/class-scores.ts` and `label-scores.ts`. */
export const classScoresSchema = z.strictObject({
  balancedAccuracyPct: measured,
  macroF1Pct: measured,
  topFiveErrorPct: measured,
  auc: measured,
  /** Part of the samples whose labels are all right; absent for classes. */
  subsetAccuracyPct: measured.optional(),
});

const fittedSearch = z.strictObject({
  tier: count,
  rho1: z.strictObject({ start: z.number(), increment: z.number(), max: z.number(), clock: z.string() }),
  rho2TimesLr: z.number(),
  detector: z.strictObject({
    decay: z.number(),
    minRise: z.number(),
    buffer: count,
    drop: z.number(),
    isSeeded: z.boolean(),
  }),
  decideEvery: count,
  lag: count,
  roundShare: z.number(),
  adapts: z.boolean(),
});

/**
 * result.json, schema 1. Errors in percent, losses in nats, distances Euclidean; values of diverged networks are null.
 * Everything that differs between two runs of one seed lies under `timings`.
 */
export const resultSchema = z.strictObject({
  schema: z.literal(1),
  method: z.string(),
  preset: z.string().nullable(),
  dataset: z.string(),
  /** SHA-256 of data.json; absent in results of earlier versions. */
  dataSha256: z.string().optional(),
  model: z.string(),
  parameters: count,
  /** SHA-256 of all samples and targets as they were read; absent in results of earlier versions. */
  samplesSha256: z.string().optional(),
  /** Identity of the model: hashes of the names, shapes and types of its state, and of its initial values. */
  network: z
    .strictObject({
      signature: z.string(),
      stateSha256: z.string(),
      /** SHA-256 of each file of the user's own that builds it, by its path from the model's folder; absent without. */
      code: z.record(z.string(), z.string()).optional(),
      /** SHA-256 of the file of weights that it starts from; absent without one. */
      weightsSha256: z.string().optional(),
    })
    .optional(),
  /** SHA-256 of each file of the user's own that computes the training loss; absent without, and in older results. */
  lossCode: z.record(z.string(), z.string()).optional(),
  seed: count,
  device: z.string(),
  threads: count,
  precision: z.string(),
  /**
   * Gradient evaluations in all, including those of tier 0 (spent, or declared for a given network) and those of the
   * search.
   */
  budget: z.strictObject({ steps: count, epochs: z.number(), tier0: count, search: count }),
  /** Trainings that early stopping has ended, which the budget counts as far as they came; absent if it ended none. */
  earlyStopping: z
    .strictObject({
      unusedSteps: count,
      stopped: z.array(z.strictObject({ network: networkName, steps: count, planned: count, kept: count })),
    })
    .optional(),
  selectedOn: z.string(),
  members: z.array(member),
  ensembles: z.array(ensemble),
  pairs,
  /** Scores of networks and ensembles, by their names; absent for regression, and in results of earlier versions. */
  classScores: z
    .strictObject({
      networks: z.record(networkName, classScoresSchema),
      ensembles: z.record(z.string(), classScoresSchema),
    })
    .optional(),
  /** Barriers are measured on one in so many training samples: 1 is all; absent without, and in older runs. */
  barriers: z.strictObject({ every: z.int().positive() }).optional(),
  /** Name of the ensemble that is the method's result. */
  result: z.string(),
  /** Settings of each tier's search as numbers, where the configuration leaves some to the program (auto). */
  searches: z.array(fittedSearch).optional(),
  /** About the data, the network and the search; absent if there are none. */
  notices: z.array(z.string()).optional(),
  versions: z.record(z.string(), z.string()),
  timings: z.strictObject({
    /** Seconds of each phase, in order. */
    phases: z.array(z.strictObject({ phase: z.string(), seconds: z.number() })),
    stepsPerSecond: z.number(),
    wallSeconds: z.number(),
  }),
});

/** result.json of a run. */
export type Result = z.infer<typeof resultSchema>;
/** A network of a run, with its measurements. */
export type MemberResult = Result['members'][number];
/** An ensemble of a run, and its scores. */
export type EnsembleResult = Result['ensembles'][number];

/** Returns the ensemble that is the run's result. */
export function resultEnsemble(result: Result): EnsembleResult {
  const found = result.ensembles.find(({ name }) => name === result.result);
  if (found === undefined) throw new Error(`result ${result.result} is not among the ensembles`);
  return found;
}
