#!/usr/bin/env node
// Runs npm scripts in parallel: `node scripts/beside.js NAME NAME...`. The output of the first is shown live, that of
// each other once those before it have ended. The exit code is that of the first in this order that failed.
const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const runs = process.argv.slice(2).map((name, place) => {
  const child = spawn('npm', ['run', '--silent', name], {
    stdio: place === 0 ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  /** @type {Buffer[]} */
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => output.push(bytes));
  const ended = new Promise((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal])),
  );
  return { name, child, output, ended };
});

// A terminal sends Ctrl-C to all of them; only signals sent to this process alone are forwarded.
const keepWaiting = () => {};
const handOn = (/** @type {NodeJS.Signals} */ signal) => {
  for (const { child } of runs) child.kill(signal);
};
process.on('SIGINT', keepWaiting).on('SIGTERM', handOn).on('SIGHUP', handOn);

async function main() {
  for (const { name, output, ended } of runs) {
    const code = await ended;
    process.stdout.write(Buffer.concat(output));
    if (code !== 0) console.error(`npm run ${name} ended with exit code ${code}`);
    process.exitCode ||= code;
  }
}

main();
