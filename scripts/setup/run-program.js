const { spawn } = require('node:child_process');
const readline = require('node:readline');
const { SetupFailure, explainFailure } = require('./failure');

const KILL_AFTER_MS = 5_000;

/**
 * Runs npm, venv or pip quietly: their output is kept, and shown only if they fail. An abort ends the program and all
 * processes that it started.
 * @param {string} title the command as the user would type it, for messages
 * @param {object} program
 * @param {string} program.command
 * @param {readonly string[]} program.args
 * @param {string} program.cwd
 * @param {AbortSignal} program.signal
 * @param {'first' | 'last'} [program.causeIs] at which end of its output it names the cause of a failure
 * @param {(line: string) => void} [program.onLine]
 * @returns {Promise<void>} rejects with a SetupFailure
 */
async function runProgram(title, { command, args, cwd, signal, causeIs = 'last', onLine }) {
  signal.throwIfAborted();
  // A separate process group: npm and pip start programs themselves, and a group can be ended as one.
  const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    readline.createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }
  const stop = () => endGroup(child);
  signal.addEventListener('abort', stop);
  try {
    const how = await ended(child, signal, title);
    signal.throwIfAborted();
    if (how !== 'exit code 0') throw explainFailure(title, { how, lines, causeIs });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {AbortSignal} signal
 * @param {string} title
 * @returns {Promise<string>} how it ended
 */
function ended(child, signal, title) {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new SetupFailure(`"${title}" cannot be started (${error.message}).`)));
    // After an abort the rest of the output is not needed, and a stray grandchild could keep the pipes open for ever.
    child.on('exit', () => signal.aborted && resolve('an interrupt'));
    child.on('close', (code, by) => resolve(by ? `signal ${by}` : `exit code ${code}`));
  });
}

/**
 * Ends the process group. SIGINT first: pip and npm then remove their temporary files, up to gigabytes. SIGKILL for
 * processes that remain.
 * @param {import('node:child_process').ChildProcess} child
 */
function endGroup(child) {
  if (child.pid === undefined) return;
  const killer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS).unref();
  child.on('exit', () => {
    clearTimeout(killer);
    signalGroup(child.pid, 'SIGKILL');
    child.stdout.destroy();
    child.stderr.destroy();
  });
  signalGroup(child.pid, 'SIGINT');
}

/** @param {number} pid @param {NodeJS.Signals} name */
function signalGroup(pid, name) {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

module.exports = { runProgram };
