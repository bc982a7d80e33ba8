import type { Origin } from '../../executor/origin';

/**
 * Returns the first thing that a task was made of and that has changed since, as the subject and verb of a sentence;
 * null if nothing has. What was not recorded then, by an earlier version, is not compared.
 */
export function changedSince(then: Origin, now: Origin): string | null {
  const { weightsSha256, samplesSha256 } = then;
  const code =
    changedCode(then.code, now.code, 'builds the network') ??
    changedCode(then.lossCode, now.lossCode, 'computes the training loss');
  if (code !== null) return code;
  if (weightsSha256 !== undefined && weightsSha256 !== now.weightsSha256) {
    return 'the file of weights that the networks start from has changed';
  }
  return samplesSha256 === undefined || samplesSha256 === now.samplesSha256 ? null : 'the data have changed';
}

function changedCode(then: Origin['code'], now: Origin['code'] = {}, does: string): string | null {
  const file = Object.keys(now).find((name) => then !== undefined && then[name] !== now[name]);
  if (file === undefined || then === undefined) return null;
  return file in then ? `${file}, which ${does}, has changed` : `${file} ${does} as well`;
}
