import { z } from 'zod';

/** Options of the loss that training and search descend. Evaluations report the plain loss whatever they are. */
export const trainingLoss = z.strictObject({
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('part of a label that is spread over all classes, as in torch.nn.CrossEntropyLoss'),
  classWeights: z
    .union([z.array(z.number().min(0)).min(2), z.literal('balanced')])
    .nullable()
    .default(null)
    .describe('weight of the samples of each class; balanced: n / (classes * count), as in scikit-learn'),
  python: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('what makes another loss: package.module:function, or file.py with a function defineLoss'),
  args: z.record(z.string(), z.unknown()).default({}).describe('what the maker of the loss takes'),
});
