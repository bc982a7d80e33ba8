const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

/**
 * A file's content as a short text to compare: times of files change with every checkout, contents do not.
 * @param {string} file
 */
function hashFile(file) {
  return crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/**
 * What a finished installation left as a note for the next run.
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
 * Written only after an installation has ended well, so that an interrupted one is done again.
 * @param {string} file
 * @param {Record<string, string>} stamp
 */
function writeStamp(file, stamp) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(stamp)}\n`);
}

module.exports = { hashFile, readStamp, writeStamp };
