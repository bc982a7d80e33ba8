#!/usr/bin/env node
// The command `dsptt`: the compiled package where it is installed, the sources (through ts-node) in a checkout.
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const isCheckout = fs.existsSync(path.join(root, 'tsconfig.json'));

if (isCheckout) {
  if (!fs.existsSync(path.join(root, 'node_modules', 'ts-node'))) {
    console.error('dsptt: the npm packages are not installed yet: run `npm run setup` first.');
    process.exit(1);
  }
  require('ts-node').register({ transpileOnly: true, project: path.join(root, 'tsconfig.json') });
}

const { main } = require(path.join(root, isCheckout ? 'src' : 'dist', 'cli', 'main'));
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
