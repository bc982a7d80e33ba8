import type { Origin } from '../../executor/origin';

/**
 * Returns the first thing that a task was made of and that has changed since, as the subject and verb of a sentence;
 * null if nothing has. What was not recorded then, by an earlier version, is not compared.
 */
export function changedSince(then: Origin, now: Origin): string | null {
  const { code, weightsSha256, samplesSha256 } = then;
  if (code !== undefined) {
    const changed = Object.entries(now.code ?? {}).find(([file, sha256]) => code[file] !== sha256);
    if (changed !== undefined) {
      const [file] = changed;
      return file in code ? `${file}, which builds the network, has changed` : `${file} builds the network as well`;
    }
  }
  if (weightsSha256 !== undefined && weightsSha256 !== now.weightsSha256) {
    return 'the file of weights that the networks start from has changed';
  }
  return samplesSha256 === undefined || samplesSha256 === now.samplesSha256 ? null : 'the data have changed';
}
