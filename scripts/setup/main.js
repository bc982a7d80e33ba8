const path = require('node:path');
const { parseArgs } = require('node:util');
const { SetupFailure, say } = require('./failure');
const { interruptSignal } = require('./interrupt');
const { withLock } = require('./lock');
const { npmPackages } = require('./npm-packages');
const { ownPython } = require('./own-python');
const { pythonEnvironment } = require('./python-environment');

/**
 * One thing that the set-up installs or checks.
 * @typedef {object} Part
 * @property {() => boolean} isReady quick; throws a SetupFailure where installing could not help
 * @property {(signal: AbortSignal) => Promise<void>} install rejects with a SetupFailure
 */

/** Runs the set-up and turns whatever stops it into one sentence and an exit code. */
function main() {
  setUp().catch((error) => {
    // An error of the operating system explains itself in its message; anything else is a bug and keeps its trace.
    if (!(error instanceof SetupFailure) && error.code === undefined) throw error;
    for (const line of error.output ?? []) console.error(`  ${line}`);
    console.error(`dsptt set-up: ${error.message}`);
    process.exitCode = error.exitCode ?? 1;
  });
}

async function setUp() {
  const { dev } = readOptions();
  const root = path.resolve(__dirname, '..', '..');
  const own = process.env.DSPTT_PYTHON;
  const parts = [npmPackages(root), own ? ownPython(root, own, dev) : pythonEnvironment(root, dev)];
  // All are asked, so that a DSPTT_PYTHON that cannot do is refused before npm starts.
  const missing = parts.filter((part) => !part.isReady());
  if (missing.length === 0) return say('nothing to do');

  const signal = interruptSignal();
  await withLock(root, signal, async () => {
    for (const part of missing) {
      // Asked again: another set-up may have done it while this one waited for the lock.
      if (!part.isReady()) await part.install(signal);
    }
  });
  say('done');
}

/** @returns {{ dev: boolean }} */
function readOptions() {
  try {
    const { values } = parseArgs({ options: { dev: { type: 'boolean', default: false } } });
    return { dev: values.dev };
  } catch (error) {
    const [problem] = error.message.split('. ');
    throw new SetupFailure(`${problem}; the only option is --dev (also what tests and lint need).`);
  }
}

module.exports = { main };
