const fs = require('node:fs');
const path = require('node:path');
const { say } = require('./failure');
const { runProgram } = require('./run-program');
const { hashFile, readStamp, writeStamp } = require('./stamp');

/**
 * Returns the npm part: node_modules exactly as in package-lock.json.
 * @param {string} root
 * @returns {import('./main').Part}
 */
function npmPackages(root) {
  const lockFile = path.join(root, 'package-lock.json');
  const stampFile = path.join(root, 'node_modules', '.dsptt-setup.json');
  return {
    // Without a lock file this is the published package, whose dependencies npm has installed already.
    isReady: () => !fs.existsSync(lockFile) || readStamp(stampFile).packageLock === hashFile(lockFile),
    async install(signal) {
      say('installing npm packages (npm ci) ...');
      fs.rmSync(stampFile, { force: true });
      const packageLock = hashFile(lockFile);
      // --include=dev: ts-node and typescript are needed even where NODE_ENV=production.
      // A package of the tests would fetch CUDA's libraries from a registry that may be out of reach.
      process.env.ONNXRUNTIME_NODE_INSTALL ??= 'skip';
      const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
      await runProgram('npm ci', { command: 'npm', args, cwd: root, signal, causeIs: 'first' });
      writeStamp(stampFile, { packageLock });
    },
  };
}

module.exports = { npmPackages };
