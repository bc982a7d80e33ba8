const fs = require('node:fs');
const path = require('node:path');
const { checkDiskSpace } = require('./disk-space');
const { say } = require('./failure');
const { findPython, isSupported } = require('./find-python');
const { probePython } = require('./probe-python');
const { environmentHome, isCheckout, venvPython, workerWheel } = require('./project-python');
const { runProgram } = require('./run-program');
const { hashFile, readStamp, writeStamp } = require('./stamp');

const UNFINISHED = 'unfinished';
// The slow steps of pip, worth a line: downloads of 10 MB and more, and the final unpacking.
const LONG_STEP = /^ *(Downloading .*\((\d{2,}(\.\d+)? MB|[\d.]+ GB)\)|Installing collected packages)/;

/**
 * Returns the Python part: a virtual environment in .venv with exactly the packages of python/requirements*.lock, and
 * for an installed package also the worker.
 * @param {string} root
 * @param {boolean} dev also what tests, lint and types need
 * @returns {import('./main').Part}
 */
function pythonEnvironment(root, dev) {
  const venv = path.join(environmentHome(root), '.venv');
  const python = venvPython(root);
  const stampFile = path.join(venv, 'dsptt-setup.json');
  const files = { runtime: path.join(root, 'python', 'requirements.lock') };
  if (dev) files.dev = path.join(root, 'python', 'requirements-dev.lock');
  if (!isCheckout(root)) files.worker = workerWheel(root);

  const outdated = () => {
    const stamp = readStamp(stampFile);
    return Object.keys(files).filter((part) => stamp[part] !== hashFile(files[part]));
  };

  /**
   * True if the environment is complete. A half-filled one is not repaired: a package whose unpacking was interrupted
   * can look complete to pip.
   */
  const isUsable = () => {
    if (!fs.existsSync(python) || readStamp(stampFile).runtime === UNFINISHED) return false;
    // If the Python of the environment was upgraded to another version, it does not find its own pip any more.
    const probed = probePython(python, ['pip'], root);
    return !('problem' in probed) && probed.missing.length === 0 && isSupported(probed.version);
  };

  async function create(signal) {
    const base = findPython(root);
    say(`creating ${shown(venv)} with Python ${base.version} (${base.path}) ...`);
    fs.rmSync(venv, { recursive: true, force: true });
    writeStamp(stampFile, { runtime: UNFINISHED });
    const title = `${base.path} -m venv ${shown(venv)}`;
    await runProgram(title, { command: base.path, args: ['-m', 'venv', venv], cwd: root, signal });
  }

  async function installPart(part, signal) {
    const hash = hashFile(files[part]);
    const file = path.relative(root, files[part]);
    const size = part === 'runtime' ? ', 200 MB to 3 GB with PyTorch: this takes minutes' : '';
    const what = part === 'worker' ? ['--no-deps', '--no-index', '--force-reinstall'] : ['-r'];
    say(`installing Python packages (pip install ${what.at(-1)} ${file}${size}) ...`);
    writeStamp(stampFile, { ...readStamp(stampFile), [part]: UNFINISHED });
    const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', ...what, files[part]];
    const onLine = (line) => LONG_STEP.test(line) && say(`  ${line.trim().replace(/: .*/, '')}`);
    await runProgram(`pip install ${what.at(-1)} ${file}`, { command: python, args, cwd: root, signal, onLine });
    writeStamp(stampFile, { ...readStamp(stampFile), [part]: hash });
  }

  /** @param {string} folder as the user would name it */
  const shown = (folder) => (folder.startsWith(root) ? path.relative(root, folder) : folder);

  return {
    isReady: () => outdated().length === 0 && isUsable(),
    async install(signal) {
      checkDiskSpace(environmentHome(root));
      if (!isUsable()) await create(signal);
      for (const part of outdated()) await installPart(part, signal);
    },
  };
}

module.exports = { pythonEnvironment };
