const fs = require('node:fs');
const path = require('node:path');
const { SetupFailure } = require('./failure');
const { minorVersion, probePython } = require('./probe-python');

/** Python versions for which every package pinned in python/requirements.lock is built. */
const SUPPORTED = ['3.13', '3.12', '3.11', '3.10'];
const NAMES = [...SUPPORTED.map((version) => `python${version}`), 'python3', 'python'];
const RANGE = `dsptt needs Python ${SUPPORTED.at(-1)} to ${SUPPORTED[0]}`;
const OWN = 'or set DSPTT_PYTHON to an interpreter that has the packages already';

/**
 * True if the pinned packages install on this version.
 * @param {readonly number[]} version
 */
function isSupported(version) {
  return SUPPORTED.includes(minorVersion(version));
}

/**
 * Finds a Python to build .venv from.
 * @param {string} root
 * @returns {{ path: string, version: string }} version: such as 3.11
 */
function findPython(root) {
  let unfit;
  for (const candidate of candidates()) {
    const probed = probePython(candidate, ['venv', 'ensurepip'], root);
    if ('problem' in probed) continue;
    const reason = whyUnfit(candidate, probed);
    if (!reason) return { path: candidate, version: minorVersion(probed.version) };
    unfit ??= reason;
  }
  throw new SetupFailure(unfit ?? `no Python found on PATH: ${RANGE}; install one (${OWN}).`);
}

/** @returns {string[]} every interpreter on PATH, the preferred names first */
function candidates() {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(path.isAbsolute);
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).filter((file) =>
    fs.existsSync(file),
  );
}

/**
 * @param {string} python
 * @param {import('./probe-python').ProbedPython} probed
 * @returns {string | undefined}
 */
function whyUnfit(python, { version, missing }) {
  const found = `Python ${version.join('.')} (${python})`;
  if (!isSupported(version)) {
    const [major, minor] = version;
    const age = major < 3 || (major === 3 && minor < 10) ? 'old' : 'new';
    return `${found} is too ${age}: ${RANGE}; install one beside it (${OWN}).`;
  }
  if (missing.length > 0) {
    return `${found} lacks the module ${missing.join(' and ')}, so it cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv (${OWN}).`;
  }
  return undefined;
}

module.exports = { findPython, isSupported };
