const os = require('node:os');

const NO_SPACE = /ENOSPC|no space left on device|EDQUOT|disk quota exceeded/i;
const NO_NETWORK =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|could not fetch url|failed to establish a new connection|temporary failure in name resolution|network is unreachable|read timed out|ProxyError/i;
const LINES_SEARCHED = 40;
const LINES_SHOWN = 15;
const LONGEST_QUOTE = 200;

/** A failure that the user can act on: shown as one sentence, without a stack trace. */
class SetupFailure extends Error {
  /**
   * @param {string} message
   * @param {{ exitCode?: number, output?: readonly string[] }} [details] output: lines of the failed program, shown first
   */
  constructor(message, { exitCode = 1, output = [] } = {}) {
    super(message);
    this.exitCode = exitCode;
    this.output = output;
  }
}

/** Prints a line of progress with a prefix that tells it from the output of npm, jest or pytest. */
function say(/** @type {string} */ text) {
  console.log(`dsptt set-up: ${text}`);
}

/**
 * Turns the output of npm or pip into the one sentence that says what to do.
 * @param {string} title the command as the user would type it
 * @param {{ how: string, lines: readonly string[], causeIs: 'first' | 'last' }} ended how it ended ("exit code 1"),
 *   what it printed, and at which end of that it names the cause
 * @returns {SetupFailure}
 */
function explainFailure(title, { how, lines, causeIs }) {
  const near = causeIs === 'first' ? lines.slice(0, LINES_SEARCHED) : lines.slice(-LINES_SEARCHED);
  const full = near.find((line) => NO_SPACE.test(line));
  if (full) {
    return new SetupFailure(
      `the disk is full (${short(full)}): free some space here or in ${os.tmpdir()} (TMPDIR), then run the set-up again.`,
    );
  }
  const unreachable = near.find((line) => NO_NETWORK.test(line));
  if (unreachable) {
    return new SetupFailure(
      `"${title}" cannot reach its package registry (${short(unreachable)}): check the network and the proxy settings, then run the set-up again.`,
    );
  }
  const output = causeIs === 'first' ? near.slice(0, LINES_SHOWN) : near.slice(-LINES_SHOWN);
  return new SetupFailure(`"${title}" failed with ${how}; its ${causeIs} lines are above.`, { output });
}

/** @param {string} line */
function short(line) {
  const text = line.trim();
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)} ...` : text;
}

module.exports = { SetupFailure, explainFailure, say };
