// Compiles src into dist for the package: with declarations, and with an error on a wrong type.
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { PROJECTS, withDist } = require('../setup/compile');
const { forget, remake } = require('../setup/dist');

const root = path.resolve(__dirname, '..', '..');
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');

withDist(root, { tell: console.error }, () => {
  forget(root);
  remake(root, () => {
    for (const project of PROJECTS) {
      const { status } = spawnSync(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' });
      if (status !== 0) process.exit(status ?? 1);
    }
  });
});
