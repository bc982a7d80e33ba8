import { type Cause, causeOf } from './missed-exit';
import type { PathState, SearchState } from './path-states';

/**
 * Says why fewer paths than were asked for found an exit: one sentence for each cause, with the paths, how near they came,
 * and the setting to change. Empty if every path found its exit.
 */
export function shortfall(label: string, names: readonly string[], { paths, options }: SearchState): string[] {
  const missed = paths.flatMap((path, k) => (path.status === 'exited' ? [] : [{ path, name: names[k] }]));
  const byCause = new Map<Cause, typeof missed>();
  for (const one of missed) {
    const cause = causeOf(one.path, options.detector.minRise);
    byCause.set(cause, [...(byCause.get(cause) ?? []), one]);
  }
  const found = `${label}: ${paths.length - missed.length} of ${paths.length} paths found an exit`;
  return [...byCause].map(([cause, those]) => {
    const which = those.map(({ name }) => name).join(', ');
    const states = those.map(({ path }) => path);
    return `${found}: ${which} ${SENTENCES[cause](states)}`;
  });
}

const SENTENCES: Readonly<Record<Cause, (paths: readonly PathState[]) => string>> = {
  diverged: () => 'met a loss that is not finite; lower dspTt.rho2TimesLr',
  slow: (paths) =>
    `used up the search's share at rho1 ${least(paths.map(({ rho1 }) => rho1))} or more of ${least(paths.map(({ pace }) => pace.max))}; raise the budget or dspTt.searchShare, or dspTt.rho1.increment`,
  flat: (paths) =>
    `rose by ${most(paths.map(({ detector }) => detector.peak.rise))} at most, which the scatter of batches explains; raise dspTt.rho1.max`,
  high: (paths) =>
    `rose by ${least(paths.map(({ detector }) => detector.peak.rise))} or more and did not come down far enough; raise dspTt.rho2TimesLr, or the budget or dspTt.searchShare`,
};

function least(values: readonly number[]): string {
  return Math.min(...values).toPrecision(2);
}

function most(values: readonly number[]): string {
  return Math.max(...values).toPrecision(2);
}
