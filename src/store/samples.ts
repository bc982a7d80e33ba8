import { z } from 'zod';

/**
 * data.json, schema 1: description of the run's samples before normalisation, so that the run's networks can be used
 * without the data.
 */
export const samplesSchema = z.strictObject({
  schema: z.literal(1),
  dataset: z.string(),
  /** Shape of one sample, such as [3, 32, 32]: channels, height, width; or [13]: features. */
  shape: z.array(z.int().positive()).min(1),
  /** Type of its numbers; `float64` if 32 bits would lose some of them before they are normalised. */
  dtype: z.enum(['uint8', 'float32', 'float64']),
  /** Names of the classes or labels; empty for regression. */
  classes: z.array(z.string()),
  /** Names of the input features; empty if they have none. */
  columns: z.array(z.string()),
  /** Value of a white pixel; null if samples are not images. */
  white: z.number().nullable(),
  /**
   * Networks take (x - mean) / std: one number of each for all, or one for each index of a sample's first dimension.
   */
  mean: z.array(z.number()).min(1),
  std: z.array(z.number().gt(0)).min(1),
  /** Scale of the targets in regression: networks predict (y - mean) / std. Null for classification. */
  target: z.strictObject({ mean: z.number(), std: z.number().gt(0) }).nullable(),
  /**
   * Layout of the user's table that the run was trained on: its delimiter, and the places of its columns, from 0: the target's,
   * and those of columns that are no inputs either.
   */
  table: z
    .strictObject({
      delimiter: z.string().length(1),
      target: z.int().nonnegative(),
      unused: z.array(z.int().nonnegative()),
      /** Column that names the rows. */
      id: z.strictObject({ column: z.int().nonnegative(), name: z.string() }).optional(),
      /** Cells without a value count as the mean of their column. */
      gaps: z.literal(true).optional(),
      /** Columns of texts: each value is an input of 0 or 1. */
      categories: z
        .array(z.strictObject({ column: z.int().nonnegative(), name: z.string(), values: z.array(z.string()) }))
        .optional(),
    })
    .optional(),
  /** Colour under transparent pixels of a user's images; missing for other data, and in earlier versions. */
  background: z.enum(['white', 'grey', 'black']).optional(),
  /** Images of another size were scaled until they covered the shape, and cut around their centre; else squashed. */
  crop: z.literal(true).optional(),
  /** The classes are labels, of which a sample has any number. */
  kind: z.literal('labels').optional(),
});

export type Samples = z.infer<typeof samplesSchema>;
