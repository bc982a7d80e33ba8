const path = require('node:path');
const { compile } = require('../scripts/setup/compile');

/** Compiles what has changed before the first test, so that no command that a test runs has to, and says so. */
module.exports = () => compile(path.resolve(__dirname, '..'), { tell: (text) => console.error(`dsptt: ${text}`) });
