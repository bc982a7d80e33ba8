import { join } from 'node:path';

interface SetUp {
  setUpPython(): Promise<string | undefined>;
}

/** The set-up is plain JavaScript, as it must run before anything is installed or compiled. */
const setUp = (): SetUp => require(join(__dirname, '..', '..', '..', 'scripts', 'setup', 'main'));

/**
 * Make the Python environment where it is missing or unfinished, or check DSPTT_PYTHON.
 * @returns its interpreter; undefined where there is none: standard error says why, and the process's exit code is set
 */
export function setUpPython(): Promise<string | undefined> {
  return setUp().setUpPython();
}
