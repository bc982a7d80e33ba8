// Builds the Python side as a wheel into dist/, from a copy, so that the build leaves nothing in python/.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { projectPython, workerWheel } = require('../setup/project-python');

const root = path.resolve(__dirname, '..', '..');
const python = projectPython(root);
if (python === undefined) {
  console.error('dsptt: there is no Python environment to build the wheel with: run `npm run setup` first.');
  process.exit(1);
}

const isOurs = (/** @type {string} */ file) => !/__pycache__|\.egg-info/.test(file);
const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'dsptt-wheel-'));
try {
  for (const name of ['pyproject.toml', 'dsptt', 'dsptt_pool', 'dsptt_worker']) {
    fs.cpSync(path.join(root, 'python', name), path.join(copy, name), { recursive: true, filter: isOurs });
  }
  fs.copyFileSync(path.join(root, 'LICENSE'), path.join(copy, 'LICENSE'));
  // The same sources give the same wheel: its files get this date instead of now (zip has none before 1980).
  const env = { ...process.env, SOURCE_DATE_EPOCH: '315619200' };
  const alone = ['--no-deps', '--no-index', '--no-build-isolation', '--quiet'];
  const args = ['-m', 'pip', 'wheel', ...alone, '--wheel-dir', path.join(root, 'dist'), copy];
  execFileSync(python, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
} finally {
  fs.rmSync(copy, { recursive: true });
}

const wheel = workerWheel(root);
if (!fs.existsSync(wheel)) {
  console.error(`dsptt: ${wheel} was not made: package.json and python/pyproject.toml have different versions.`);
  process.exit(1);
}
