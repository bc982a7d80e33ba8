#!/usr/bin/env node
// Makes a checkout ready to use: `node scripts/setup.js [--dev]`. Returns at once if all is in place.
const { checkNodeVersion } = require('./setup/node-version');

checkNodeVersion();
require('./setup/main').main();
