const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: wait } = require('node:timers/promises');

const POLL_MS = 200;

/**
 * Runs `work` under a lock, one process at a time: two would write the same files.
 * @param {string} lock the folder that stands for it
 * @param {object} waiting
 * @param {AbortSignal} [waiting.signal]
 * @param {(holder: number | undefined) => void} waiting.announce called once where another process has the lock
 * @param {() => Promise<void>} work
 */
async function withLock(lock, { signal, announce }, work) {
  let announced = false;
  while (!tryLock(lock)) {
    const holder = readHolder(lock);
    if (holder !== undefined && !isAlive(holder)) {
      removeStale(lock, holder);
      continue;
    }
    if (!announced) announce(holder);
    announced = true;
    await wait(POLL_MS, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
  try {
    await work();
  } finally {
    release(lock);
  }
}

/**
 * Tries to take the lock. The folder is prepared elsewhere and renamed into place: a rename is atomic and refuses a
 * folder that is not empty, so a lock is never seen without its holder.
 * @param {string} lock
 */
function tryLock(lock) {
  const mine = `${lock}.${process.pid}`;
  fs.mkdirSync(mine, { recursive: true });
  fs.writeFileSync(path.join(mine, 'pid'), String(process.pid));
  try {
    fs.renameSync(mine, lock);
    return true;
  } catch (error) {
    fs.rmSync(mine, { recursive: true, force: true });
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Releases the lock. It is renamed, then removed: removed in place it would be empty for a moment, in which another
 * process could take it.
 * @param {string} lock
 */
function release(lock) {
  const aside = `${lock}.released.${process.pid}`;
  fs.renameSync(lock, aside);
  fs.rmSync(aside, { recursive: true });
}

/** @param {string} lock @returns {number | undefined} undefined: it was just released */
function readHolder(lock) {
  try {
    return Number(fs.readFileSync(path.join(lock, 'pid'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Removes a stale lock. It is renamed before it is removed, and checked again: another waiting process may have
 * replaced the stale lock by its own.
 * @param {string} lock
 * @param {number} holder
 */
function removeStale(lock, holder) {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    fs.renameSync(lock, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (readHolder(aside) === holder) fs.rmSync(aside, { recursive: true, force: true });
  else fs.renameSync(aside, lock);
}

module.exports = { withLock };
