const os = require('node:os');
const { SetupFailure } = require('./failure');

/**
 * Turns Ctrl-C, kill and a closed terminal into an AbortSignal, so that whatever runs can be ended in order.
 * @returns {AbortSignal} its reason is a SetupFailure with the shell's exit code, 128 + the signal's number
 */
function interruptSignal() {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      const exitCode = 128 + os.constants.signals[name];
      controller.abort(new SetupFailure(`interrupted (${name}); the next run goes on from here.`, { exitCode }));
    });
  }
  return controller.signal;
}

module.exports = { interruptSignal };
