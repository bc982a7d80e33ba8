import { z } from 'zod';

const count = z.int().nonnegative();
/** A measurement; null where there is none. */
const measured = z.number().nullable();

/** What a comparison shows of an ensemble, each as a mean over seeds. Errors in percent, losses in nats, test split. */
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

/** What methods are contrasted by. */
export const CONTRASTED = ['testErrorPct', 'testRmse', 'testLoss', 'calibratedTestLoss'] as const;
export type Contrasted = (typeof CONTRASTED)[number];

/** What an ensemble of one run is worth and cost. */
const score = z.strictObject({
  seed: count,
  /** The run's directory. */
  run: z.string(),
  values: z.record(z.enum(MEASURES), measured),
});

const summary = z.strictObject({ mean: z.number(), standardError: measured, n: count });

/** The mean of each measure over seeds; null where no seed has it. */
export const meansSchema = z.record(z.enum(MEASURES), summary.nullable());

const row = z.strictObject({
  /** METHOD, or METHOD ENSEMBLE where the ensemble has another name. */
  name: z.string(),
  title: z.string(),
  method: z.string(),
  /** Null where no run of the method finished. */
  ensemble: z.string().nullable(),
  scores: z.array(score),
  failures: z.array(z.strictObject({ seed: count, message: z.string() })),
  means: meansSchema,
  /** How many independent networks have the same calibrated loss; null where `independent` is not compared. */
  deepEnsembleEquivalent: z
    .strictObject({ networks: z.number(), relation: z.enum(['equal', 'fewer', 'more']) })
    .nullable(),
});

const interval = z.tuple([z.number(), z.number()]).readonly();

/** A row less the baseline: below 0 where the row is better. */
const contrast = z.strictObject({
  row: z.string(),
  measure: z.enum(CONTRASTED),
  /** Seeds that both have. */
  n: count,
  mean: z.number(),
  /** The 95 % t interval over seeds; null for a single one. */
  interval: interval.nullable(),
  /** Two-sided paired t-test, from 6 seeds on; alone, and adjusted by Holm over the rows of this measure. */
  p: measured,
  holmP: measured,
  /** 95 % percentile interval over test samples, differences averaged over seeds first; null without kept outputs. */
  bootstrap: interval.nullable(),
});

/** comparison.json, schema 1. */
export const comparisonSchema = z.strictObject({
  schema: z.literal(1),
  dataset: z.string().nullable(),
  /** The name of the row that the others are contrasted with; null where it has no finished run. */
  baseline: z.string().nullable(),
  rows: z.array(row),
  contrasts: z.array(contrast),
});

export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparisonRow = Comparison['rows'][number];
export type Score = ComparisonRow['scores'][number];
export type Contrast = Comparison['contrasts'][number];
