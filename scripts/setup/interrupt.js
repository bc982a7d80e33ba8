const os = require('node:os');
const { SetupFailure } = require('./failure');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Turns Ctrl-C, kill and a closed terminal into an AbortSignal while `work` runs, so that programs that it started can
 * be ended in order.
 * @param {(signal: AbortSignal) => Promise<void>} work the signal's reason is a SetupFailure with the shell's exit
 *   code, 128 + the signal's number
 */
async function withInterrupt(work) {
  const controller = new AbortController();
  const abort = (/** @type {NodeJS.Signals} */ name) => {
    const exitCode = 128 + os.constants.signals[name];
    controller.abort(new SetupFailure(`interrupted (${name}); the next run goes on from here.`, { exitCode }));
  };
  for (const name of SIGNALS) process.on(name, abort);
  try {
    await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.removeListener(name, abort);
  }
}

module.exports = { withInterrupt };
