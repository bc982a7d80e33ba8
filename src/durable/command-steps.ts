import type { CommandRecord } from '../store/journal/record';

/** Steps of each point that a recorded command moves; undefined for a command without steps. */
export function commandSteps({ args, tensors }: Pick<CommandRecord, 'args' | 'tensors'>): number | undefined {
  const steps = (tensors.lr ?? tensors.growth)?.length;
  if (steps === undefined || !Array.isArray(args.points)) return steps;
  return steps / args.points.length; // a stack has rates for each of its points
}
