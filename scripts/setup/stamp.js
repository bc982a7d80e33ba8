const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

/**
 * Returns a hash of a file's content: times of files change with every checkout, contents do not.
 * @param {string} file
 */
function hashFile(file) {
  return crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/**
 * Reads the stamp that a finished installation left for the next run.
 * @param {string} file
 * @returns {Record<string, string>} empty where there is no stamp, or none that can be read
 */
function readStamp(file) {
  try {
    const stamp = JSON.parse(fs.readFileSync(file, 'utf8'));
    return typeof stamp === 'object' && stamp !== null ? stamp : {};
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

/**
 * Writes a stamp. Called only after a successful installation, so that an interrupted one is repeated.
 * @param {string} file
 * @param {Record<string, string>} stamp
 */
function writeStamp(file, stamp) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(stamp)}\n`);
}

module.exports = { hashFile, readStamp, writeStamp };
