const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { compiledSources } = require('./compile');
const { SetupFailure, say } = require('./failure');
const { withInterrupt } = require('./interrupt');
const { withLock } = require('./lock');
const { npmPackages } = require('./npm-packages');
const { ownPython } = require('./own-python');
const { environmentHome, projectPython } = require('./project-python');
const { pythonEnvironment } = require('./python-environment');

/**
 * A part that the set-up installs or checks.
 * @typedef {object} Part
 * @property {() => boolean} isReady quick; throws a SetupFailure where installing could not help
 * @property {(signal: AbortSignal) => Promise<void>} install rejects with a SetupFailure
 */

const ROOT = path.resolve(__dirname, '..', '..');

/** Installs all parts of `npm run setup`: npm packages, compiled sources and Python environment. */
async function main() {
  await told(async () => {
    const { dev } = readOptions();
    const hasWorked = await install([npmPackages(ROOT), compiledSources(ROOT), pythonPart(dev)]);
    say(hasWorked ? 'done' : 'nothing to do');
  });
}

/**
 * Sets up the Python environment alone, for a command that needs Python: npm has installed its own part.
 * @returns {Promise<string | undefined>} its interpreter; undefined: standard error says why there is none, and the
 *   process ends with an exit code that says so too
 */
async function setUpPython() {
  const isThere = await told(() => install([pythonPart(false)]));
  return isThere ? projectPython(ROOT) : undefined;
}

/** @param {boolean} dev also what tests and lint need @returns {Part} */
function pythonPart(dev) {
  const own = process.env.DSPTT_PYTHON;
  return own ? ownPython(ROOT, own, dev) : pythonEnvironment(ROOT, dev);
}

/**
 * Turns a failed set-up into one sentence and an exit code.
 * @param {() => Promise<unknown>} work
 * @returns {Promise<boolean>} whether it went well
 */
async function told(work) {
  try {
    await work();
    return true;
  } catch (error) {
    // An error of the operating system explains itself in its message; any other is a bug and keeps its trace.
    if (!(error instanceof SetupFailure) && error.code === undefined) throw error;
    for (const line of error.output ?? []) console.error(`  ${line}`);
    console.error(`dsptt set-up: ${error.message}`);
    process.exitCode = error.exitCode ?? 1;
    return false;
  }
}

/** @param {readonly Part[]} parts @returns {Promise<boolean>} whether there was anything to do */
async function install(parts) {
  // All parts are checked, so that an unsuitable DSPTT_PYTHON is refused before npm starts.
  const missing = parts.filter((part) => !part.isReady());
  if (missing.length === 0) return false;

  const home = environmentHome(ROOT);
  fs.mkdirSync(home, { recursive: true });
  const lock = path.join(home, '.setup-lock');
  const announce = (/** @type {number | undefined} */ holder) =>
    say(`waiting for another set-up (process ${holder}); if there is none, remove ${lock}`);
  await withInterrupt((signal) =>
    withLock(lock, { signal, announce }, async () => {
      for (const part of missing) {
        // Checked again: another set-up may have installed it while this one waited for the lock.
        if (!part.isReady()) await part.install(signal);
      }
    }),
  );
  return true;
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

module.exports = { main, setUpPython };
