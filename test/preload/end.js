const fs = require('node:fs');
const path = require('node:path');

/** Removes what start.js has made; the process that workers are forked from ends with this one. */
module.exports = function end() {
  const { DSPTT_PYTHON, DSPTT_PLAIN_PYTHON } = process.env;
  if (DSPTT_PLAIN_PYTHON !== undefined) fs.rmSync(path.dirname(DSPTT_PYTHON), { recursive: true, force: true });
};
