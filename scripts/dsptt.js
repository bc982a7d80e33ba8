#!/usr/bin/env node
// The command `dsptt`, from dist. In a checkout, dist is recompiled first if a source has changed.
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const SIGPIPE = 128 + 13; // the exit code of a process that this signal ended
const tell = (/** @type {string} */ text) => console.error(`dsptt: ${text}`);

for (const stream of [process.stdout, process.stderr]) stream.on('error', endWithReader);

start(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

/**
 * Ends as a signal's default would where a pipe's reader has left (`| head`): without it, Node prints a stack trace.
 * @param {NodeJS.ErrnoException} error
 */
function endWithReader(error) {
  if (error.code !== 'EPIPE') throw error;
  process.exit(SIGPIPE);
}

async function start(/** @type {string[]} */ args) {
  const isCheckout = fs.existsSync(path.join(root, 'tsconfig.json'));
  const folder = isCheckout ? await compiled() : 'dist';
  return require(path.join(root, folder, 'cli', 'main')).main(args);
}

/** @returns {Promise<string>} the folder of the code: src, through ts-node, if dist is outdated and read-only */
async function compiled() {
  const packages = path.join(root, 'node_modules');
  if (!fs.existsSync(path.join(packages, 'typescript'))) {
    tell('the npm packages are not installed yet: run `npm run setup` first.');
    process.exit(1);
  }
  try {
    const { isCompiled } = require('./setup/dist');
    if (!isCompiled(root)) await require('./setup/compile').compile(root, { tell });
    return 'dist';
  } catch (error) {
    if (error.syscall === undefined) throw error;
    tell(`dist cannot be brought up to date (${error.message}): compiling the sources in memory ...`);
    require('ts-node').register({ transpileOnly: true, project: path.join(root, 'tsconfig.json') });
    return 'src';
  }
}
