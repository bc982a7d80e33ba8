import { z } from 'zod';

/**
 * data.json, schema 1: what a sample of the run's data is before it is normalised, so that the run's networks can be used
 * without the data.
 */
export const samplesSchema = z.strictObject({
  schema: z.literal(1),
  dataset: z.string(),
  /** Of one sample, such as [3, 32, 32]: channels, height, width; or [13]: features. */
  shape: z.array(z.int().positive()).min(1),
  dtype: z.enum(['uint8', 'float32']),
  /** Names of the classes; empty where a number is predicted. */
  classes: z.array(z.string()),
  /** Names of the inputs; empty where they have none. */
  columns: z.array(z.string()),
  /** The value of a white pixel; null where samples are no images. */
  white: z.number().nullable(),
  /** Networks take (x - mean) / std: one number of each for all, or one for each place along a sample's first dimension. */
  mean: z.array(z.number()).min(1),
  std: z.array(z.number().gt(0)).min(1),
  /** Of the numbers to be predicted: what is predicted is (y - mean) / std. Null where classes are. */
  target: z.strictObject({ mean: z.number(), std: z.number().gt(0) }).nullable(),
});

export type Samples = z.infer<typeof samplesSchema>;
