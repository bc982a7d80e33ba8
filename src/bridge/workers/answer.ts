/** Begins the line on which a Python program of ours answers; `python/probe.py` and `python/dsptt` have the same text. */
const MARK = 'dsptt answers: ';

/**
 * Returns the JSON value that a Python program of ours has answered; undefined if there is none. Its answer stands on a
 * line of its own, in whatever else has been printed: by a script that stands for Python, by a network, by a package.
 */
export function answerIn(output: string): unknown {
  const line = output.split('\n').findLast((text) => text.startsWith(MARK));
  try {
    return JSON.parse(line?.slice(MARK.length) ?? '');
  } catch {
    return undefined;
  }
}
