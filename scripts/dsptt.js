#!/usr/bin/env node
// The command `dsptt`: compiled where that is up to date, as in the installed package; else the sources, through ts-node.
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const isCheckout = fs.existsSync(path.join(root, 'tsconfig.json'));
const compiled = !isCheckout || isBuilt();

if (!compiled) {
  if (!fs.existsSync(path.join(root, 'node_modules', 'ts-node'))) {
    console.error('dsptt: the npm packages are not installed yet: run `npm run setup` first.');
    process.exit(1);
  }
  require('ts-node').register({ transpileOnly: true, project: path.join(root, 'tsconfig.json') });
}

const { main } = require(path.join(root, compiled ? 'dist' : 'src', 'cli', 'main'));
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

/** Whether `npm run build` has run since the last change of a source; it starts seconds sooner than ts-node. */
function isBuilt() {
  const built = fs.statSync(path.join(root, 'dist', 'cli', 'main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = path.join(root, 'src');
  return built > 0 && fs.readdirSync(sources, { recursive: true }).every((name) => changed(sources, name) < built);
}

function changed(/** @type {string} */ folder, /** @type {string | Buffer} */ name) {
  return fs.statSync(path.join(folder, String(name))).mtimeMs;
}
