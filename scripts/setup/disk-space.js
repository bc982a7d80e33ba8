const fs = require('node:fs');
const { SetupFailure } = require('./failure');

const GB = 1e9;
/** PyTorch's CPU build unpacked, its download beside it, and some room. */
const NEEDED_BYTES = 2 * GB;

/**
 * Asked before a download of minutes that could only fail at its end.
 * @param {string} root
 */
function checkDiskSpace(root) {
  const { bavail, bsize } = fs.statfsSync(root);
  const freeBytes = bavail * bsize;
  if (freeBytes >= NEEDED_BYTES) return;
  const free = (freeBytes / GB).toFixed(1);
  throw new SetupFailure(`only ${free} GB are free in ${root}: PyTorch needs at least ${NEEDED_BYTES / GB} GB.`);
}

module.exports = { checkDiskSpace };
