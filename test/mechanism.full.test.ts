import fs from 'node:fs';
import path from 'node:path';
import { resolveConfig } from '../src/config/resolve';
import { Session } from '../src/run/session/session';
import type { MemberResult, Result } from '../src/store/result';
import { planBudget } from '../src/trust-tech/budget';
import { temporaryDirectory } from './builders';
import { atLength } from './soak';

const CONFIG = resolveConfig([{ from: 'test', values: { preset: 'digits', method: 'dsp-tt' } }]);
const { drop } = CONFIG.dspTt.detector;
const [decay, minRise] = [CONFIG.dspTt.detector.decay, CONFIG.dspTt.detector.minRise].map(Number);

/** The batch losses of one path in its last round, in the order of its steps, from the run's trace. */
function lossesOf(out: string, { name, round }: MemberResult): number[] {
  const [head, ...rows] = fs
    .readFileSync(path.join(out, 'traces', 'search-tier1.csv'), 'utf8')
    .trim()
    .split('\n');
  const columns = ['path', 'round', 'loss'].map((column) => head.split(',').indexOf(column));
  const cells = rows.map((row) => columns.map((column) => row.split(',')[column]));
  const own = cells.filter(([path, inRound]) => path === name && inRound === String(round));
  return own.map(([, , loss]) => Number(loss));
}

/** Bias-corrected moving averages, written out. */
function averages(losses: readonly number[]): number[] {
  return losses.map((_, last) => {
    const weights = losses.slice(0, last + 1).map((_loss, k) => decay ** (last - k));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.reduce((sum, weight, k) => sum + (weight * losses[k]) / total, 0);
  });
}

function exitsOf({ members }: Result): MemberResult[] {
  return members.filter(({ exit }) => exit !== null);
}

describe.each(atLength([0], [0, 1, 2]))('the search of the digits preset with seed %i', (seed) => {
  const directory = temporaryDirectory();
  const out = path.join(directory, String(seed));
  let result: Result;
  beforeAll(async () => {
    const session = await Session.start();
    try {
      result = await session.run({ ...CONFIG, seed }, { out });
    } finally {
      await session.close();
    }
  });

  it('finds an exit on at least four of five paths within its share', () => {
    expect(exitsOf(result).length).toBeGreaterThanOrEqual(4);
    expect(result.budget.search).toBeLessThanOrEqual(planBudget(1500, CONFIG.dspTt).tiers[0].search);
  });

  it('accepts only paths whose averaged loss rose and fell again', () => {
    for (const member of exitsOf(result)) {
      const { exit } = member;
      if (exit === null) continue;
      const judged = lossesOf(out, member).slice(0, -exit.overrun || undefined);
      const course = averages(judged);
      const peak = Math.max(...course);
      const rise = peak - exit.startLoss;
      expect(rise).toBeGreaterThan(minRise);
      expect(course[course.length - 1]).toBeLessThanOrEqual(peak - drop * rise + 1e-9);
      expect(exit.peakLoss).toBeCloseTo(peak, 5);
    }
  });

  it('keeps the first direction: the cosine at every exit is at least 0.95', () => {
    for (const { exit } of exitsOf(result)) expect(exit?.cosine).toBeGreaterThanOrEqual(0.95);
  });
});
