const fs = require('node:fs');
const { SetupFailure } = require('./failure');

const GB = 1e9;
/** Bytes for PyTorch's CPU build unpacked, its download beside it, and a margin. */
const NEEDED_BYTES = 2 * GB;

/**
 * Checks the disk space before a download of minutes that could only fail at its end.
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
