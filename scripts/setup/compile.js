const fs = require('node:fs');
const path = require('node:path');
const { isCompiled, remake } = require('./dist');
const { say } = require('./failure');
const { withLock } = require('./lock');
const { isCheckout } = require('./project-python');

/** Compiler projects, which all write into dist: the code of the live view's pages, and the rest of src. */
const PROJECTS = ['src/watch/browser/tsconfig.json', 'tsconfig.build.json'];
/**
 * Options that compile each file alone, as fast as possible: types are checked by `npm run build` and `npm run types`.
 */
const ALONE = { noCheck: true, noResolve: true, noLib: true, types: [], declaration: false, declarationMap: false };

/**
 * Returns the part of the set-up that compiles the sources of a checkout; the published package contains compiled code.
 * @param {string} root
 * @returns {import('./main').Part}
 */
function compiledSources(root) {
  return {
    isReady: () => !isCheckout(root) || isCompiled(root),
    install: (signal) => compile(root, { signal, tell: say }),
  };
}

/**
 * Compiles the sources that have changed since dist was built. A wrong type stops nothing, and a syntax error affects
 * only the commands that load the file.
 * @param {string} root
 * @param {Progress} progress
 */
async function compile(root, progress) {
  await withDist(root, progress, () => {
    // Checked again: another command may have compiled while this one waited for the lock.
    if (isCompiled(root)) return;
    remake(root, (changed) => {
      progress.tell(`compiling ${changed.length} changed source${changed.length === 1 ? '' : 's'} ...`);
      for (const project of PROJECTS) emit(root, project, new Set(changed));
    });
  });
}

/**
 * Lets one process at a time write dist.
 * @typedef {object} Progress
 * @property {(text: string) => void} tell receives a line before each wait of more than a second or so
 * @property {AbortSignal} [signal]
 * @param {string} root
 * @param {Progress} progress
 * @param {() => void} work
 */
async function withDist(root, { tell, signal }, work) {
  // Throws if the file system is read-only, where mkdir would give another reason.
  fs.accessSync(root, fs.constants.W_OK);
  const lock = path.join(root, '.compile-lock');
  const announce = (/** @type {number | undefined} */ holder) =>
    tell(`waiting for process ${holder}, which compiles the sources; if there is none, remove ${lock}`);
  await withLock(lock, { signal, announce }, async () => work());
}

/**
 * @param {string} root @param {string} project its configuration file
 * @param {ReadonlySet<string>} changed absolute paths
 */
function emit(root, project, changed) {
  // Loaded only here: it takes half a second.
  const ts = require('typescript');
  const onUnRecoverableConfigFileDiagnostic = (problem) => {
    throw new SyntaxError(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
  };
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(path.join(root, project), ALONE, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic,
  });
  const program = ts.createProgram(
    fileNames.filter((file) => changed.has(path.resolve(file))),
    options,
  );
  program.emit(undefined, (output, text, _byteOrderMark, _onError, sources) => {
    const problems = sources.flatMap((source) => program.getSyntacticDiagnostics(source));
    write(output, problems.length > 0 ? thrown(ts, root, problems) : text);
  });
}

/**
 * Returns the output for a source that cannot be compiled: it throws the reason when a command loads it.
 * @param {typeof import('typescript')} ts
 * @param {string} root
 * @param {readonly import('typescript').Diagnostic[]} problems
 */
function thrown(ts, root, problems) {
  const host = { getCanonicalFileName: (file) => file, getCurrentDirectory: () => root, getNewLine: () => '\n' };
  return `throw new SyntaxError(${JSON.stringify(ts.formatDiagnostics(problems, host).trim())});\n`;
}

/**
 * Writes a file by renaming it into place, since a running command may load it any time.
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}

module.exports = { compile, compiledSources, PROJECTS, withDist };
