/** Base class of the errors that dsptt throws on purpose. `kind` names the error in output. */
export class DspttError extends Error {
  readonly kind: string = 'DspttError';
  /** Exit code of a command that ends with this error. */
  readonly exitCode: number = 1;
  /** The Python traceback, if the cause is in the worker. Not enumerable: Node prints all that is, of an uncaught error. */
  declare readonly traceback: string | undefined;

  constructor(message: string, options: { readonly cause?: unknown; readonly traceback?: string | undefined } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    Object.defineProperty(this, 'traceback', { value: options.traceback });
  }
}

/** A wrong command line: an unknown flag, method or preset, or an output directory that exists. */
export class UsageError extends DspttError {
  override readonly kind = 'UsageError';
  override readonly exitCode = 2;
}

/** A configuration that cannot work: a typo in a key, a value out of range, a model that does not fit the data. */
export class ConfigError extends DspttError {
  override readonly kind = 'ConfigError';
  override readonly exitCode = 2;
}

/** Data or weights that are missing, damaged, or of another network. */
export class DataError extends DspttError {
  override readonly kind = 'DataError';
}

/** A device has too little memory for a command. The message says how much, and what helps. */
export class OutOfMemoryError extends DspttError {
  override readonly kind = 'OutOfMemoryError';
}

/** The worker could not start, died, was lost, or failed for a reason outside of the configuration. */
export class WorkerError extends DspttError {
  override readonly kind = 'WorkerError';
}

/** A message that breaks the protocol between TypeScript and the worker. */
export class ProtocolError extends DspttError {
  override readonly kind = 'ProtocolError';
}

/** A run's journal or its checkpoints are damaged, or cannot be written. */
export class JournalError extends DspttError {
  override readonly kind = 'JournalError';
}

/** A resumed run differs from its journal: code, configuration, data or machine have changed. */
export class DeterminismError extends DspttError {
  override readonly kind = 'DeterminismError';
}

/** A loss became NaN or infinite for a network that the method cannot do without. */
export class DivergedError extends DspttError {
  override readonly kind = 'DivergedError';
}

/** A run that finished has fewer members than were required. */
export class ShortfallError extends DspttError {
  override readonly kind = 'ShortfallError';
}

/** The run was interrupted (Ctrl-C, SIGTERM, an AbortSignal). */
export class InterruptedError extends DspttError {
  override readonly kind = 'InterruptedError';
  override readonly exitCode: number = 130;
}

/** Reports whether an error of the system has a code, such as ENOENT. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** Exit codes of a process that a signal ended, following the shells' convention (128 + the signal's number). */
export const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
