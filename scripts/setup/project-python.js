const fs = require('node:fs');
const path = require('node:path');

/** @param {string} root @returns {string} where the set-up's own environment keeps its interpreter */
function venvPython(root) {
  return path.join(root, '.venv', 'bin', 'python');
}

/**
 * The one answer to "which Python runs dsptt's Python code".
 * @param {string} root
 * @returns {string | undefined} undefined: the set-up has not been run
 */
function projectPython(root) {
  if (process.env.DSPTT_PYTHON) return process.env.DSPTT_PYTHON;
  const python = venvPython(root);
  return fs.existsSync(python) ? python : undefined;
}

module.exports = { projectPython, venvPython };
