const { SetupFailure } = require('./failure');
const { minorVersion, probePython } = require('./probe-python');

const PIP_NAMES = { zmq: 'pyzmq', sklearn: 'scikit-learn', PIL: 'pillow' };
const RUNTIME_MODULES = ['torch', 'numpy', 'zmq', 'msgspec', 'safetensors', 'sklearn', 'PIL'];
const DEV_MODULES = ['pytest', 'hypothesis', 'ruff', 'mypy'];

/**
 * Returns the part for a user's own Python (DSPTT_PYTHON), which is checked, never changed: it may be shared, or a
 * cluster's module.
 * @param {string} root
 * @param {string} python
 * @param {boolean} dev
 * @returns {import('./main').Part}
 */
function ownPython(root, python, dev) {
  return {
    isReady() {
      const probed = probePython(python, dev ? [...RUNTIME_MODULES, ...DEV_MODULES] : RUNTIME_MODULES, root);
      const problem = whatIsWrong(python, probed);
      if (problem) throw new SetupFailure(`DSPTT_PYTHON=${python}: ${problem}`);
      return true;
    },
    async install() {},
  };
}

/**
 * @param {string} python
 * @param {ReturnType<typeof probePython>} probed
 * @returns {string | undefined}
 */
function whatIsWrong(python, probed) {
  if ('problem' in probed) return `it cannot be run (${probed.problem}); name a Python interpreter, or unset it.`;
  const { version, missing } = probed;
  const [major, minor] = version;
  if (major < 3 || (major === 3 && minor < 10)) {
    return `Python ${version.join('.')} is too old: dsptt needs 3.10 or newer.`;
  }
  if (missing.length > 0) {
    const packages = missing.map((name) => PIP_NAMES[name] ?? name);
    return `Python ${minorVersion(version)} lacks ${missing.join(', ')}; install with: ${python} -m pip install ${packages.join(' ')}`;
  }
  return undefined;
}

module.exports = { ownPython };
