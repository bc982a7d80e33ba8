import { z } from 'zod';

/** Hashes of what a task was made of; answers in journals of protocol 6 and before lack them. */
export const origin = z.object({
  /** Hash of all samples and targets, as they were read. */
  samplesSha256: z.string().optional(),
  /** Hash of each file of the user that builds the network, by its path from the folder of the model. */
  code: z.record(z.string(), z.string()).optional(),
  /** Hash of each file of the user that computes the training loss, by its path from the loss's folder. */
  lossCode: z.record(z.string(), z.string()).optional(),
  /** Hash of the file of weights that every network starts from; null without one. */
  weightsSha256: z.string().nullable().optional(),
});
/** Hashes of what a task was made of. */
export type Origin = z.infer<typeof origin>;
