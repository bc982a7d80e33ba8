const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/**
 * True if this is a copy of the repository; an installed npm package has no tsconfig.json.
 * @param {string} root
 */
function isCheckout(root) {
  return fs.existsSync(path.join(root, 'tsconfig.json'));
}

/**
 * Returns the folder of the Python environment: the checkout itself. The folder of an installed package may be
 * read-only, and npm replaces it, so its environment lies in the user's cache, one a version: under $DSPTT_CACHE, or
 * ~/.cache/dsptt.
 * @param {string} root
 */
function environmentHome(root) {
  if (isCheckout(root)) return root;
  const cache = process.env.DSPTT_CACHE || path.join(os.homedir(), '.cache', 'dsptt');
  return path.join(cache, `python-${versionOf(root)}`);
}

/** @param {string} root @returns {string} such as 0.1.0 */
function versionOf(root) {
  return JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).version;
}

/** @param {string} root @returns {string} where the set-up's own environment keeps its interpreter */
function venvPython(root) {
  return path.join(environmentHome(root), '.venv', 'bin', 'python');
}

/** @param {string} root @returns {string} the worker as a wheel, which `npm pack` makes */
function workerWheel(root) {
  return path.join(root, 'dist', `dsptt_worker-${versionOf(root)}-py3-none-any.whl`);
}

/**
 * Returns the Python that runs dsptt's Python code.
 * @param {string} root
 * @returns {string | undefined} undefined: the set-up has not been run
 */
function projectPython(root) {
  if (process.env.DSPTT_PYTHON) return process.env.DSPTT_PYTHON;
  const python = venvPython(root);
  return fs.existsSync(python) ? python : undefined;
}

module.exports = { environmentHome, isCheckout, projectPython, venvPython, workerWheel };
