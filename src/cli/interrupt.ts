import { EXIT_CODES, InterruptedError } from '../errors';

/**
 * Runs work that Ctrl-C and SIGTERM end cleanly: the first signal aborts the AbortSignal given to the work, a second
 * one ends the process at once, and its worker with it.
 * @param says how to resume, if the interrupted work does not know it
 * @throws InterruptedError with exit code 130 or 143 after a signal
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, says?: string): Promise<T> {
  const controller = new AbortController();
  let exitCode: number = EXIT_CODES.SIGINT;
  const onSignal = (name: keyof typeof EXIT_CODES) => {
    if (controller.signal.aborted) process.exit(EXIT_CODES[name]);
    exitCode = EXIT_CODES[name];
    process.stderr.write(`\n${name}: ending the run (once more to end at once)\n`);
    controller.abort();
  };
  const names = Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[];
  for (const name of names) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (error instanceof InterruptedError) throw new Interrupted(says ?? error.message, exitCode);
    throw error;
  } finally {
    for (const name of names) process.removeListener(name, onSignal);
  }
}

class Interrupted extends InterruptedError {
  override readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
