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

/** Add those options to a command. */
export function withDurabilityFlags(command: Command): Command {
  return command
    .option('--checkpoint-minutes <m>', 'the most minutes between two checkpoints (default: 10)', positive)
    .option('--checkpoint-epochs <n>', 'and the most epochs (default: as many as there are in that time)', positive)
    .option('--max-restarts <n>', 'how often within an hour a lost worker is replaced (default: 3)', count)
    .option('--stall-timeout <s>', 'seconds without a step after which a worker is replaced (default: 600)', positive);
}

/** What the flags say to a session. */
export function supervision({ maxRestarts, stallTimeout }: DurabilityFlags): SessionOptions {
  return {
    ...(maxRestarts !== undefined && { maxRestarts }),
    ...(stallTimeout !== undefined && { stallMs: 1000 * stallTimeout }),
  };
}

/** What the flags say to a run. */
export function checkpoints({ checkpointMinutes, checkpointEpochs }: DurabilityFlags): Partial<RunOptions> {
  return { checkpointMinutes, checkpointEpochs };
}
