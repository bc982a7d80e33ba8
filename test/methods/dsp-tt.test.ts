import { createHash } from 'node:crypto';
import { LocalLauncher } from '../../src/bridge/workers/local-launcher';
import { Worker } from '../../src/bridge/workers/worker';
import { TorchExecutor } from '../../src/executor/torch';
import { searchTier } from '../../src/methods/blocks/search-tier';
import { tier0 } from '../../src/methods/blocks/tier0';
import type { SearchAnswer } from '../../src/trust-tech/space';
import { FAST_SEARCH, tinyConfig } from '../builders';
import { memberFile, type Ran, TestSession, trace } from './session';

const session = new TestSession();

describe('dsp-tt', () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await session.run({ method: 'dsp-tt' });
  });

  it('reports the exit of each path inside its search, near its direction and above its start', () => {
    const { budget, members } = ran.result;
    for (const { tier, parent, exit } of members.slice(1)) {
      expect({ tier, parent }).toEqual({ tier: 1, parent: 'tier0' });
      if (exit === null) throw new Error('every path of this search exits');
      expect(exit.step).toBeLessThan(budget.search);
      expect(exit.cosine).toBeGreaterThan(0.95);
      expect(exit.peakLoss).toBeGreaterThan(exit.startLoss + 0.05);
      expect(exit.rho1).toBeGreaterThan(0.02);
      expect(exit.rho1).toBeLessThanOrEqual(1);
    }
    expect(members[0]).toMatchObject({ name: 'tier0', tier: 0, parent: null, exit: null, barrierToParent: null });
  });

  it('writes the search as a row an iteration, from which each exit can be read', () => {
    const rows = trace(ran, 'search-tier1');
    expect(rows.map(({ iteration }) => Number(iteration))).toEqual([...Array(ran.result.budget.search).keys()]);
    for (const { name, exit } of ran.result.members.slice(1)) {
      const row = rows[exit?.step ?? -1];
      expect(row.path).toBe(name);
      expect([Number(row.rho1), Number(row.norm)]).toEqual([exit?.rho1, exit?.distance]);
    }
  });

  it('counts the steps that a path took after its exit was seen as its overrun', () => {
    for (const { name, exit } of ran.result.members.slice(1)) {
      const afterPeak = trace(ran, 'search-tier1').filter(
        ({ iteration, path }) => path === name && Number(iteration) > (exit?.step ?? 0),
      );
      expect(exit?.overrun).toBeLessThan(afterPeak.length);
    }
  });

  it('gives what the search left of the tier to the descents, in equal parts', () => {
    const { tier0, search } = ran.result.budget;
    const descents = ran.result.members.slice(1).map(({ name }) => trace(ran, `descent-${name}`).length);
    expect(tier0).toBe(trace(ran, 'descent-tier0').length);
    expect(descents.reduce((a, b) => a + b)).toBe(250 - tier0 - search);
    expect(Math.max(...descents) - Math.min(...descents)).toBeLessThanOrEqual(1);
  });

  it('reports the states of the paths while it searches', () => {
    const views = ran.events.flatMap((event) => (event.type === 'search' ? [event] : []));
    expect(views[0].paths.map(({ path, status }) => `${path} ${status}`)).toContain('tier1-1 climbing');
    expect(views.at(-1)?.paths.map(({ status }) => status)).toEqual(['exited', 'exited', 'exited']);
  });

  it('makes ensembles of tier 0, of tier 1 and of both, by mean and by vote', () => {
    const [zero, one] = [['tier0'], ['tier1-1', 'tier1-2', 'tier1-3']];
    expect(ran.result.ensembles).toMatchObject([
      { name: 'tier-0', members: zero, rule: 'meanSoftmax', parameterDistance: null, outputCorrelation: null },
      { name: 'tier-1', members: one, parameterDistance: expect.any(Number), outputCorrelation: expect.any(Number) },
      { name: 'tier-0-1', members: [...zero, ...one], rule: 'meanSoftmax' },
      { name: 'tier-0-1-vote', members: [...zero, ...one], rule: 'majorityVote', testLoss: null },
      { name: 'tier-0-1-weighted', members: [...zero, ...one], rule: 'validationWeighted' },
    ]);
  });

  it('weighs members by the inverse of their validation loss in the weighted ensemble', () => {
    const weighted = ran.result.ensembles.find(({ name }) => name === 'tier-0-1-weighted');
    const inverse = ran.result.members.map(({ validationLoss }) => 1 / (validationLoss ?? Number.NaN));
    const total = inverse.reduce((a, b) => a + b);
    expect(weighted?.weights).toHaveLength(4);
    for (const [k, weight] of (weighted?.weights ?? []).entries()) expect(weight).toBeCloseTo(inverse[k] / total, 5);
    expect(ran.result.ensembles.filter(({ weights }) => weights !== null)).toHaveLength(1);
  });

  it('reports paths that found no exit as exhausted, and ensembles nothing of them', async () => {
    const slow = { ...FAST_SEARCH, detector: { ...FAST_SEARCH.detector, minRise: 1000 } };
    const { result, steps } = await session.run({ method: 'dsp-tt', dspTt: slow });
    const none = { state: 'exhausted', exit: null, file: null, sha256: null, testLoss: null, barrierToParent: null };
    expect(result.members.slice(1)).toMatchObject([none, none, none]);
    expect(result.ensembles.map(({ name, members }) => [name, members])).toEqual([
      ['tier-0', ['tier0']],
      ['tier-1', []],
      ['tier-0-1', ['tier0']],
      ['tier-0-1-vote', ['tier0']],
      ['tier-0-1-weighted', ['tier0']],
    ]);
    expect(result.ensembles[1]).toMatchObject({ testErrorPct: null, testLoss: null, brier: null });
    expect(result.budget).toMatchObject({ steps: 175, search: 75 }); // the descents have nowhere to start
    expect(steps).toBe(175);
  });

  it('shares the very bits of tier 0, and its directions, with random-jump', async () => {
    const jumped = await session.run({ method: 'random-jump' });
    const sha256 = createHash('sha256').update(memberFile(ran, 'tier0')).digest('hex');
    expect(jumped.result.members[0]).toMatchObject({ name: 'tier0', sha256 });
    expect(ran.result.members[0].sha256).toBe(sha256);
    expect(memberFile(jumped, 'tier1-1')).not.toEqual(memberFile(ran, 'tier1-1'));
  });
});

describe('the literal form of equation 3', () => {
  let worker: Worker;
  beforeAll(async () => {
    worker = await Worker.start(new LocalLauncher());
  });
  afterAll(() => worker.close());

  /** The last displacement and cosine of each path after 60 iterations at the same pace. */
  async function searchOf(form: 'ratio' | 'literal') {
    const config = tinyConfig({ dspTt: { ...FAST_SEARCH, form, rho1: { increment: 0.02 }, retries: 0 } });
    const executor = await TorchExecutor.open(worker, config);
    const context = { executor, config, steps: 250, tier0: null, report: () => {} };
    await tier0(context, 100);
    const answers: SearchAnswer[] = [];
    const search = executor.search.bind(executor);
    executor.search = async (program) => {
      const answer = await search(program);
      answers.push(answer);
      return answer;
    };
    const { traces } = await searchTier(context, 'tier0', { tier: 1, paths: 3, steps: 60 });
    const norms = traces.flatMap(({ columns }) => Array.from(columns.norm, Number));
    return { norms, cosines: Array.from(answers[answers.length - 1].cosine) };
  }

  it('collapses: the displacement shrinks to nothing and loses its direction, where the ratio keeps both', async () => {
    const [ratio, literal] = [await searchOf('ratio'), await searchOf('literal')];
    const relative = literal.norms.map((norm, i) => norm / ratio.norms[i]);
    expect(relative[10]).toBeLessThan(1 / 10); // early on, and from where every path has moved for good
    expect(Math.max(...relative.slice(20))).toBeLessThan(1 / 100);
    expect(Math.min(...ratio.cosines)).toBeGreaterThan(0.95);
    expect(Math.min(...literal.cosines)).toBeLessThan(0.2); // a path that was first picked late still points its way
  });
});
