import { z } from 'zod';
import { classScoresSchema } from './result';

const count = z.int().nonnegative();
/** A measurement; null if there is none. */
const measured = z.number().nullable();

/**
 * Measures of an ensemble in a comparison, each as a mean over seeds. Errors in percent, losses in nats, test split.
 */
export const MEASURES = [
  'members',
  'steps',
  'testErrorPct',
  'testRmse',
  'testLoss',
  'calibratedTestLoss',
  'ecePct',
  'outputCorrelation',
  'parameterDistance',
  'seconds',
] as const;
export type Measure = (typeof MEASURES)[number];

/** Measures on which methods are contrasted. */
export const CONTRASTED = ['testErrorPct', 'testRmse', 'testLoss', 'calibratedTestLoss'] as const;
export type Contrasted = (typeof CONTRASTED)[number];

/** Scores and costs of an ensemble of one run. */
const score = z.strictObject({
  seed: count,
  /** Directory of the run. */
  run: z.string(),
  values: z.record(z.enum(MEASURES), measured),
  /** Absent for regression, and in runs of earlier versions. */
  classScores: classScoresSchema.optional(),
});

const summary = z.strictObject({ mean: z.number(), standardError: measured, n: count });

/** Mean of each measure over seeds; null if no seed has it. */
export const meansSchema = z.record(z.enum(MEASURES), summary.nullable());

const row = z.strictObject({
  /** METHOD, or METHOD ENSEMBLE if the ensemble has another name. */
  name: z.string(),
  title: z.string(),
  method: z.string(),
  /** Null if no run of the method finished. */
  ensemble: z.string().nullable(),
  scores: z.array(score),
  failures: z.array(z.strictObject({ seed: count, message: z.string() })),
  means: meansSchema,
  /**
   * Number of independent networks whose ensemble has the same calibrated loss; null if `independent` is not compared.
   */
  deepEnsembleEquivalent: z
    .strictObject({ networks: z.number(), relation: z.enum(['equal', 'fewer', 'more']) })
    .nullable(),
});

const interval = z.tuple([z.number(), z.number()]).readonly();

/** Difference of a row from the baseline: below 0 if the row is better. */
const contrast = z.strictObject({
  row: z.string(),
  measure: z.enum(CONTRASTED),
  /** Number of seeds that both rows have. */
  n: count,
  mean: z.number(),
  /** 95 % t interval over seeds; null for a single seed. */
  interval: interval.nullable(),
  /**
   * p-value of the two-sided paired t-test, from 6 seeds on; `holmP` is adjusted by Holm over the rows of this measure.
   */
  p: measured,
  holmP: measured,
  /**
   * 95 % bootstrap percentile interval over test samples of the differences averaged over seeds; null without kept
   * outputs.
   */
  bootstrap: interval.nullable(),
});

/** Answers of a method's members beside those of the first of them: means over members, then over seeds; test split. */
const answers = z.strictObject({
  method: z.string(),
  title: z.string(),
  accuracyPct: summary.nullable(),
  /** Samples that the two networks assign to different classes. */
  disagreementPct: summary.nullable(),
  /** Disagreement over the share of errors, and what it would be of independent answers. */
  normalised: summary.nullable(),
  independent: summary.nullable(),
});

/** comparison.json, schema 1. */
export const comparisonSchema = z.strictObject({
  schema: z.literal(1),
  dataset: z.string().nullable(),
  /** Name of the row with which the others are contrasted; null if it has no finished run. */
  baseline: z.string().nullable(),
  rows: z.array(row),
  contrasts: z.array(contrast),
  /** Absent in comparisons of earlier versions. */
  answers: z.array(answers).optional(),
});

/** A comparison of methods: a row each, and their differences from the baseline. */
export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparisonRow = Comparison['rows'][number];
export type Score = ComparisonRow['scores'][number];
export type Contrast = Comparison['contrasts'][number];
export type ComparedAnswers = z.infer<typeof answers>;
