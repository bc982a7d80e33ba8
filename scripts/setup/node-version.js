const OLDEST_NODE = 20;

/**
 * Checks Node's version. An old Node would stop at the first piece of newer syntax with a cryptic error; so this file,
 * and the one that loads it, use only old syntax and report it in one sentence.
 */
function checkNodeVersion() {
  const version = process.versions.node;
  if (Number.parseInt(version, 10) >= OLDEST_NODE) return;
  console.error(`dsptt set-up: Node ${version} is too old: dsptt needs Node ${OLDEST_NODE} or newer.`);
  process.exit(1);
}

module.exports = { checkNodeVersion };
