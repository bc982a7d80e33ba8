const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { projectPython } = require('../../scripts/setup/project-python');

const ROOT = path.resolve(__dirname, '..', '..');

/**
 * Lets the workers of all tests be forked from a process that has imported torch (python/tests/preloaded.py), which saves
 * seconds each. The program that stands for Python is found as DSPTT_PYTHON; DSPTT_PLAIN_PYTHON names Python itself.
 */
module.exports = function start() {
  const python = projectPython(ROOT);
  if (python === undefined) return;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dp-'));
  const words = [python, '-IS', path.join(ROOT, 'python', 'tests', 'preloaded.py'), 'run', python, folder, process.pid];
  const command = words.map((word) => `'${String(word).replaceAll("'", "'\\''")}'`).join(' ');
  const standIn = path.join(folder, 'python');
  fs.writeFileSync(standIn, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  Object.assign(process.env, { DSPTT_PYTHON: standIn, DSPTT_PLAIN_PYTHON: python });
};
