/**
 * Compares a whole run of DSP-TT, tier 0 and tier 1, as users run it, with plain training of as many steps as it
 * descends: beyond the search's own steps a twentieth is allowed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from '../../src/run/session/session';
import type { Result } from '../../src/store/result';
import { atMost, type Bench, type BenchOptions, type Row, rowOf } from './bench';
import { interleave, median, timeRatio } from './measure/interleave';
import { configOf, NETWORKS, SHORT_RUN } from './measure/tasks';

const WHOLE_RUN = { budget: { steps: 1500 } };
const OVERHEAD = 1.05;
const MOST_QUICK = 1;

export const wholeJob: Bench = {
  name: 'whole-job',
  compares: "time of DSP-TT tier-0-1 over plain training of its steps but the search's",
  run: async (options) => {
    const directory = mkdtempSync(join(tmpdir(), 'dsptt-bench-'));
    const session = await Session.start();
    try {
      return await compare(session, directory, options);
    } finally {
      await session.close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

async function compare(session: Session, directory: string, { quick, pairs, device }: BenchOptions): Promise<Row[]> {
  const values = quick ? SHORT_RUN : WHOLE_RUN;
  const run = async (method: string, budget = values.budget): Promise<Result> => {
    const out = join(directory, method);
    const result = await session.run(configOf('digits', device, { ...values, method, budget }), { out });
    rmSync(out, { recursive: true });
    return result;
  };
  const { search } = (await run('dsp-tt')).budget; // the same in every run of a seed
  const results: [Result[], Result[]] = [[], []];
  const side =
    (which: 0 | 1, method: string, budget = values.budget) =>
    async (pair: number) => {
      const result = await run(method, budget);
      if (pair >= 0) results[which].push(result);
      return training(result);
    };
  const plain = values.budget.steps - search;
  const rounds = quick ? Math.min(MOST_QUICK, pairs) : pairs;
  const found = await interleave(rounds, side(0, 'dsp-tt'), side(1, 'single', { steps: plain }));
  const [first, second] = results.map((all) => all.map(({ timings }) => timings.wallSeconds));
  return [
    rowOf(`whole job: ${NETWORKS.digits.shows}`, timeRatio(found), atMost(OVERHEAD + search / plain), {
      'DSP-TT s': median(found.first),
      'plain s': median(found.second),
      'steps of both': plain,
      'search steps': search,
    }),
    rowOf('whole job, with opening and evaluation of 6 networks and of 1', timeRatio({ first, second }), null, {
      'DSP-TT s': median(first),
      'plain s': median(second),
    }),
  ];
}

/**
 * Returns the time of a run from the moment its task is open until its networks are evaluated: training, search, and
 * the time between.
 */
function training({ timings }: Result): number {
  const phases = timings.phases.filter(({ phase }) => phase !== 'open' && phase !== 'evaluation');
  return phases.reduce((sum, { seconds }) => sum + seconds, 0);
}
