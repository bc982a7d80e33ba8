import type { Command } from 'commander';
import type { RunOptions, SessionOptions } from '../../run/options';
import { count, positive } from './parsers';

/** Options of commands whose runs can be resumed. */
export interface DurabilityFlags {
  readonly checkpointMinutes?: number;
  readonly checkpointEpochs?: number;
  readonly maxRestarts?: number;
  readonly stallTimeout?: number;
}

/** Adds the durability options to a command. */
export function withDurabilityFlags(command: Command): Command {
  return command
    .option('--checkpoint-minutes <m>', 'most minutes between two checkpoints (default: 10)', positive)
    .option(
      '--checkpoint-epochs <n>',
      'most epochs between two checkpoints (default: no limit but the minutes)',
      positive,
    )
    .option('--max-restarts <n>', 'how often within an hour a lost worker is replaced (default: 3)', count)
    .option('--stall-timeout <s>', 'seconds without a step after which a worker is replaced (default: 600)', positive);
}

/** Returns the session options that the flags state. */
export function supervision({ maxRestarts, stallTimeout }: DurabilityFlags): SessionOptions {
  return {
    ...(maxRestarts !== undefined && { maxRestarts }),
    ...(stallTimeout !== undefined && { stallMs: 1000 * stallTimeout }),
  };
}

/** Returns the run options that the flags state. */
export function checkpoints({ checkpointMinutes, checkpointEpochs }: DurabilityFlags): Partial<RunOptions> {
  return { checkpointMinutes, checkpointEpochs };
}
