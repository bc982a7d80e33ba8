const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { readStamp, writeStamp } = require('./stamp');

/** Files besides the sources on which the output depends. */
const SETTINGS = [
  'tsconfig.json',
  'tsconfig.build.json',
  'src/watch/browser/tsconfig.json',
  'scripts/setup/compile.js',
];
const SOURCE = /(?<!\.d)\.ts$/;
const OUTPUT = /(\.js|\.d\.ts)(\.map)?$/;

/**
 * True if dist was built from the current sources. Decides by their contents: times change with every checkout, and
 * reading the times of hundreds of small files takes as long as reading the files.
 * @param {string} root
 */
function isCompiled(root) {
  const { all } = readStamp(stampOf(root));
  return all !== undefined && all === hashOfAll(readSources(root));
}

/**
 * Rebuilds dist and stamps it with its sources. It has no stamp in the meantime: an interrupted build is repeated
 * completely.
 * @param {string} root
 * @param {(changed: readonly string[]) => void} make writes the outputs of these sources at least (absolute paths); not
 *   called if sources were only removed
 */
function remake(root, make) {
  const sources = readSources(root);
  const before = forget(root);
  const settings = SETTINGS.map((file) => sources.get(file) ?? '');
  const names = [...sources.keys()].filter((file) => SOURCE.test(file));
  const after = Object.fromEntries(names.map((file) => [file, hashOf([...settings, sources.get(file)])]));
  const all = hashOfAll(sources);
  const changed = names.filter((file) => after[file] !== before[file]);
  if (changed.length > 0) make(changed.map((file) => path.join(root, file)));
  removeOrphans(root);
  // If a source was edited meanwhile, dist may have either state.
  if (hashOfAll(readSources(root)) === all) writeStamp(stampOf(root), { ...after, all });
}

/**
 * Removes the stamp, so that the next compilation starts from nothing.
 * @param {string} root
 * @returns {Record<string, string>} the stamp that dist had
 */
function forget(root) {
  const stamp = readStamp(stampOf(root));
  fs.rmSync(stampOf(root), { force: true });
  return stamp;
}

/** @param {string} root */
function stampOf(root) {
  return path.join(root, 'dist', 'sources.json');
}

/** @param {string} root @returns {Map<string, Buffer>} contents by path from the root */
function readSources(root) {
  const inSrc = fs.readdirSync(path.join(root, 'src'), { recursive: true }).filter((name) => SOURCE.test(String(name)));
  const files = [...SETTINGS, ...inSrc.map((name) => `src/${name}`)];
  return new Map(files.map((file) => [file, fs.readFileSync(`${root}/${file}`)]));
}

/** @param {ReadonlyMap<string, Buffer>} sources */
function hashOfAll(sources) {
  return hashOf([...sources].flat());
}

/** @param {readonly (string | Buffer)[]} texts */
function hashOf(texts) {
  const hash = crypto.createHash('sha256');
  // Lengths separate a text's end from the next one's beginning.
  for (const text of texts) hash.update(`${text.length} `).update(text);
  return hash.digest('hex');
}

/**
 * Removes the outputs of deleted sources, which a source that still imports them would find.
 * @param {string} root
 */
function removeOrphans(root) {
  const dist = path.join(root, 'dist');
  fs.mkdirSync(dist, { recursive: true });
  for (const name of fs.readdirSync(dist, { recursive: true }).map(String)) {
    const source = path.join(root, 'src', name.replace(OUTPUT, '.ts'));
    if (OUTPUT.test(name) && !fs.existsSync(source)) fs.rmSync(path.join(dist, name));
  }
}

module.exports = { forget, isCompiled, remake };
