const { spawnSync } = require('node:child_process');
const path = require('node:path');

/** Runs on any Python, 2.7 included, so that an old one can report its version. */
const PROBE = path.resolve(__dirname, '..', '..', 'python', 'probe.py');
/** Begins the line of its answer: a program that stands for Python may print more. */
const MARK = 'dsptt answers: ';

/**
 * @typedef {object} ProbedPython
 * @property {readonly [number, number, number]} version
 * @property {readonly string[]} missing those of the modules asked for that it cannot find
 */

/**
 * Asks an interpreter for its version and whether it finds some modules. Running it is the only reliable way, as a file
 * called python3 may be a launcher without a Python.
 * @param {string} python
 * @param {readonly string[]} modules
 * @param {string} cwd
 * @returns {ProbedPython | { problem: string }} problem: why it cannot be run
 */
function probePython(python, modules, cwd) {
  const ran = spawnSync(python, [PROBE, 'missing', ...modules], { cwd, encoding: 'utf8', timeout: 60_000 });
  if (ran.error) return { problem: ran.error.code === 'ENOENT' ? 'no such program' : ran.error.message };
  const answer = ran.stdout.split('\n').find((line) => line.startsWith(MARK));
  if (answer !== undefined) return JSON.parse(answer.slice(MARK.length));
  const lastLine = ran.stderr.trim().split('\n').pop();
  return { problem: lastLine || `it ended with ${ran.signal ?? `exit code ${ran.status}`} and is no Python` };
}

/** @param {readonly number[]} version @returns {string} such as 3.11 */
function minorVersion([major, minor]) {
  return `${major}.${minor}`;
}

module.exports = { minorVersion, probePython };
