const { spawnSync } = require('node:child_process');

// Must run on any Python, 2.7 included, so that an old one can report its version. Imports nothing that is slow.
const PROBE = `
import json, sys
missing = []
if sys.version_info >= (3, 4):
    from importlib.util import find_spec
    missing = [name for name in sys.argv[1:] if find_spec(name) is None]
print(json.dumps({"version": list(sys.version_info[:3]), "missing": missing}))
`;

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
  const ran = spawnSync(python, ['-c', PROBE, ...modules], { cwd, encoding: 'utf8', timeout: 60_000 });
  if (ran.error) return { problem: ran.error.code === 'ENOENT' ? 'no such program' : ran.error.message };
  try {
    const { version, missing } = JSON.parse(ran.stdout);
    return { version, missing };
  } catch {
    const lastLine = ran.stderr.trim().split('\n').pop();
    return { problem: lastLine || `it ended with ${ran.signal ?? `exit code ${ran.status}`} and is no Python` };
  }
}

/** @param {readonly number[]} version @returns {string} such as 3.11 */
function minorVersion([major, minor]) {
  return `${major}.${minor}`;
}

module.exports = { minorVersion, probePython };
