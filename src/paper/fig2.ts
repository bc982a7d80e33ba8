import { type PhasePortrait, phasePortraitFigure } from '../report/figures/phase-portrait';
import { fixed } from '../report/format';
import type { Claim, Reproduction } from './reproduction';
import { portray } from './runs/phase-portrait';

/** The part of the two-well quartic's box that is drawn. */
const BOX = { lower: [-1.7, -1.1], upper: [1.7, 1.7] } as const;

/** Figure 2: the phase portrait of a two-dimensional objective, and the DSP method on it. */
export const fig2: Reproduction = {
  name: 'fig2',
  shows: 'phase portrait of a two-dimensional objective, and the DSP method on it',
  datasets: [],
  takes: ['seed'],
  scale: null,
  resumes: false,
  make: async ({ seed }) => {
    const portrait = await portray('two-well', seed, BOX);
    const figure = phasePortraitFigure('fig2', titleOf(portrait), portrait);
    return { figures: [figure], files: {}, table: '', claims: [claimOf(portrait)] };
  },
};

function titleOf({ reached, seps }: PhasePortrait): string {
  if (reached === null) return `No dynamic search path leads from ${seps[0].name} to another optimum`;
  return `A dynamic search path leads from ${seps[0].name} through an exit point to ${reached}`;
}

/** Checks that the path leads to another equilibrium point, as the paper's does. */
export function claimOf({ seps, steps, exit, reached, direction }: PhasePortrait): Claim {
  const claim = 'forward and calibration steps together lead from one SEP to another';
  if (exit === null || reached === null) {
    return {
      claim,
      seen: `none of ${direction} random directions led from ${seps[0].name} to another SEP`,
      holds: false,
    };
  }
  const others = direction === 1 ? '' : `, the first of ${direction} random directions that does so`;
  const where = `(${fixed(exit[0], 2)}, ${fixed(exit[1], 2)})`;
  const seen = `the path leaves ${seps[0].name}, passes an exit point at ${where} and ends after ${steps.length} steps in ${reached}${others}`;
  return { claim, seen, holds: true };
}
