import fs from 'node:fs';
import path from 'node:path';
import { configDifference } from '../../src/config/difference';
import { DeterminismError } from '../../src/errors';
import { viewRun } from '../../src/report/run-view';
import { replay } from '../../src/run/replay';
import { readConfig } from '../../src/store/run-directory';
import { FollowedRun } from '../../src/watch/followed-run';
import { viewOf } from '../../src/watch/view-of';
import { failureOf, temporaryDirectory } from '../builders';
import { cutRuns, keptRuns, recordsOf, unfinishedCopy } from '../journals/kept';
import { goesOnFrom } from './cut-runs';

/** The next version: an option more in a section, in a section of that, and a section more. */
jest.mock('../../src/config/schema', () => {
  const { z } = jest.requireActual<typeof import('zod')>('zod');
  const actual = jest.requireActual<typeof import('../../src/config/schema')>('../../src/config/schema');
  const later = z.number().nullable().default(null).meta({ since: '9.9.9' });
  const dspTt = actual.configSchema.shape.dspTt.unwrap();
  const rho1 = dspTt.shape.rho1.unwrap().safeExtend({ later }).prefault({});
  const another = z.strictObject({ rate: z.number().default(0.1), deep: z.strictObject({ later }).prefault({}) });
  const configSchema = actual.configSchema.extend({
    dspTt: dspTt.extend({ later, rho1 }).prefault({}),
    another: another.prefault({}).meta({ since: '9.9.9' }),
  });
  return { ...actual, configSchema };
});

const root = temporaryDirectory();
const DSP_TT = path.join('0.1.0', 'dsp-tt');

/** A copy whose config.json states what the next version would write: every option that it has, with these values. */
async function rewritten(values: object = {}): Promise<string> {
  const run = unfinishedCopy(DSP_TT, root);
  fs.writeFileSync(path.join(run, 'config.json'), JSON.stringify({ ...(await readConfig(run)), ...values }));
  return run;
}

/** Values of later options, other than their defaults, by the option. */
async function changed(): Promise<readonly (readonly [string, object])[]> {
  const { dspTt } = await readConfig(unfinishedCopy(DSP_TT, root));
  return [
    ['dspTt.later', { dspTt: { ...dspTt, later: 1 } }],
    ['dspTt.rho1.later', { dspTt: { ...dspTt, rho1: { ...dspTt.rho1, later: 1 } } }],
    ['another.rate', { another: { rate: 1 } }],
    ['another.deep.later', { another: { deep: { later: 1 } } }],
  ];
}

describe('a run that was begun before options were added', () => {
  it.each([...keptRuns(), ...cutRuns()])('is the same run: %s', async (name) => {
    const run = unfinishedCopy(name, root);
    const { recorded, matched } = await replay(run);
    expect(matched).toBe(recorded);
    expect(recorded).toBe(recordsOf(run).filter(({ kind }) => kind === 'command').length);
  });

  it('is shown live with its paths', async () => {
    const run = new FollowedRun(unfinishedCopy(DSP_TT, root));
    for (let view = viewOf(run, 'run', false); view.searches.length === 0; view = viewOf(run, 'run', false)) {
      await run.poll();
      await new Promise((resolve) => setImmediate(resolve));
      expect(view).toMatchObject({ note: null, problem: null });
    }
    await run.close();
  });

  it('is reported with its curves', async () => {
    const view = await viewRun(unfinishedCopy(DSP_TT, root));
    const searches = view.kind === 'network' ? view.curves.searches : [];
    expect(searches.map(({ exits }) => exits)).toEqual([[{ path: 'tier1-2', step: 9 }]]);
  });

  it('is the same where config.json states the defaults of the later options', async () => {
    const [before, now] = [unfinishedCopy(DSP_TT, root), await rewritten()];
    const written = JSON.parse(fs.readFileSync(path.join(now, 'config.json'), 'utf8'));
    expect(written).toMatchObject({
      dspTt: { later: null, rho1: { later: null } },
      another: { deep: { later: null } },
    });
    expect(configDifference(await readConfig(before), await readConfig(now))).toBeNull();
    expect(await replay(now)).toEqual(await replay(before));
  });

  it('is another one where a later option has another value, and says which', async () => {
    const before = await readConfig(unfinishedCopy(DSP_TT, root));
    for (const [option, values] of await changed()) {
      const run = await rewritten(values);
      expect(configDifference(before, await readConfig(run))).toMatch(new RegExp(`^${option} is `));
      expect(await failureOf(replay(run))).toBeInstanceOf(DeterminismError);
    }
  });

  goesOnFrom(cutRuns().filter((name) => path.basename(name) === 'dsp-tt-given-cut'));
});
