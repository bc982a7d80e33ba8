// For `node -r`: programs of tests are TypeScript, and what they import from src comes compiled from dist.
const Module = require('node:module');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const sources = path.join(root, 'src') + path.sep;
const resolve = Module._resolveFilename;

require('ts-node').register({ transpileOnly: true, project: path.join(root, 'tsconfig.json') });

Module._resolveFilename = (...request) => {
  const file = resolve.apply(Module, request);
  return file.startsWith(sources)
    ? path.join(root, 'dist', path.relative(sources, file)).replace(/\.ts$/, '.js')
    : file;
};
