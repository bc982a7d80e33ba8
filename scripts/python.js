#!/usr/bin/env node
// Runs the project's Python with the arguments given: `node scripts/python.js -m pytest python/tests`.
const { spawn } = require('node:child_process');
const path = require('node:path');
const { projectPython } = require('./setup/project-python');

const root = path.resolve(__dirname, '..');
const python = projectPython(root);
if (python === undefined) {
  console.error('dsptt: there is no Python environment in .venv: run `npm run setup` first (or set DSPTT_PYTHON).');
  process.exit(1);
}

// A terminal sends Ctrl-C to Python too, which handles it; only signals sent to this process alone are forwarded. The
// handlers are set before the child exists: a signal that ended this process alone would leave the child behind.
const keepWaiting = () => {};
const handOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
process.on('SIGINT', keepWaiting).on('SIGTERM', handOn).on('SIGHUP', handOn);

const child = spawn(python, process.argv.slice(2), { cwd: root, stdio: 'inherit' });
child.on('error', (error) => {
  console.error(`dsptt: ${python} cannot be run (${error.message}): check DSPTT_PYTHON, or run \`npm run setup\`.`);
  process.exit(1);
});

child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
