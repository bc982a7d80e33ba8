const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { compile } = require('../../scripts/setup/compile');
const { projectPython } = require('../../scripts/setup/project-python');

const ROOT = path.resolve(__dirname, '..', '..');

/**
 * Compiles changed sources, so that no command of a test has to. Lets the workers of all tests be forked from a process
 * that has imported torch (preloaded.py), which saves seconds each: DSPTT_PYTHON names the program that stands
 * for Python, DSPTT_PLAIN_PYTHON names Python itself.
 */
module.exports = async function start() {
  await compile(ROOT, { tell: (text) => console.error(`dsptt: ${text}`) });
  const python = projectPython(ROOT);
  if (python === undefined) return;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dp-'));
  const words = [python, '-IS', path.join(__dirname, 'preloaded.py'), 'run', python, folder, process.pid];
  const command = words.map((word) => `'${String(word).replaceAll("'", "'\\''")}'`).join(' ');
  const standIn = path.join(folder, 'python');
  fs.writeFileSync(standIn, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  Object.assign(process.env, { DSPTT_PYTHON: standIn, DSPTT_PLAIN_PYTHON: python });
};
