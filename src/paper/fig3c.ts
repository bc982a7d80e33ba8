import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveConfig } from '../config/resolve';
import { searchOf } from '../curves/read-curves';
import { exitVerificationFigure } from '../report/figures/exit-verification';
import { lossCurvesFigure } from '../report/figures/loss-curves';
import { fixed } from '../report/format';
import { type ExitVerdict, verifyExit } from '../verification/verify-exit';
import type { Claim, Reproduction } from './reproduction';

/** The paper's integration: 50,000 steps of 0.01 from each point. */
const INTEGRATION = { steps: 50_000, stepSize: 0.01, keep: 100 };
const QUICK = { ...INTEGRATION, steps: 2000 };

/** Figure 3c: points of a search path before and after its exit point, integrated until they come to rest. */
export const fig3c: Reproduction = {
  name: 'fig3c',
  shows: 'exit point verification on a perceptron of 61 parameters and the red wines',
  datasets: [],
  takes: ['dataDir', 'seed', 'quick'],
  scale: null,
  resumes: false,
  make: async ({ seed, quick, out, session, signal, onPart, dataDir }) => {
    const data = dataDir === null ? {} : { dataset: { dir: dataDir } };
    const config = resolveConfig([{ from: 'dsptt reproduce', values: { preset: 'wine-quality', seed, ...data } }]);
    const path = join(out, 'run');
    const worker = await session();
    const result = await worker.run(config, { out: path, signal, onEvent: onPart('search') });
    const run = { path, result, config };
    const searchTitle = 'Loss and rho1 along the search path whose exit point is verified';
    const search = lossCurvesFigure('fig3c-search', searchTitle, await searchOf(run, 1));
    if (result.members.every(({ exit }) => exit === null)) {
      return {
        figures: [search],
        files: {},
        table: '',
        claims: [{ claim: CLAIM, seen: 'no exit was found', holds: false }],
      };
    }
    const onEvent = onPart('integration');
    const check = await verifyExit(worker, run, (member) => readFile(join(path, 'members', `${member}.safetensors`)), {
      path: null,
      each: 4,
      integration: quick ? QUICK : INTEGRATION,
      projection: 'random',
      ...(signal && { signal }),
      onIntegrated: (done) => onEvent?.({ type: 'phase', phase: `${done} points integrated`, steps: 0 }),
    });
    const title = 'Gradient systems from before and after an exit point, on two random directions';
    const figures = [exitVerificationFigure('fig3c', title, check.view), search];
    return { figures, files: {}, table: '', claims: [claimOf(check)] };
  },
};

const CLAIM = 'points before and after the exit converge to different LOSs';

/** Checks the claim of section 5.1: the points before and after the exit converge to different LOSs. */
export function claimOf(check: Pick<ExitVerdict, 'path' | 'exit' | 'boundary' | 'samples' | 'verdict'>): Claim {
  const { path, exit, boundary, samples, verdict } = check;
  const optima = (side: 'before' | 'after') => {
    const ends = samples.filter((sample) => sample.side === side).map(({ end }) => end.optimum);
    return [...new Set(ends)].join(', ');
  };
  const border =
    boundary === null
      ? 'never leaves the stability region of its origin'
      : `leaves the stability region of its origin between iterations ${boundary.inside.iteration} and ${boundary.outside.iteration}`;
  const seen =
    `the loss of ${path} is highest at iteration ${exit.iteration} (rho1 ${fixed(exit.rho1, 2)}) and the path ${border}; points before ` +
    `that come to rest at ${optima('before')}, points after the maximum at ${optima('after')} (A: the origin's own): ends of one side ` +
    `lie at most ${fixed(verdict.within, 4)} apart, ends of different sides at least ${fixed(verdict.across, 4)}, and the loss barrier ` +
    `between them is ${fixed(verdict.barrier, 4)}`;
  return { claim: CLAIM, seen, holds: verdict.different };
}
