import fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { resolveConfig } from '../../src/config/resolve';
import type { Config } from '../../src/config/schema';
import { DataError, UsageError } from '../../src/errors';
import { Session } from '../../src/run/session/session';
import type { Result } from '../../src/store/result';
import { measureBarriers } from '../../src/verification/barriers';
import { type ExitVerdict, type VerifyOptions, verifyExit } from '../../src/verification/verify-exit';
import { temporaryDirectory } from '../builders';

/** The paper's perceptron, a short training, and a path that rises and falls within a few hundred steps. */
const QUICK = {
  preset: 'wine-quality',
  budget: { steps: 1000 },
  dspTt: {
    tierShare: 0.6,
    searchShare: 0.8,
    rho1: { increment: 0.004, max: 2 },
    detector: { minRise: 0.005, drop: 0.1, buffer: 5 },
    decideEvery: 20,
  },
};

const directory = temporaryDirectory();
let session: Session;
let run: { path: string; result: Result; config: Config };

beforeAll(async () => {
  session = await Session.start();
  const config = resolveConfig([{ from: 'test', values: QUICK }]);
  const out = path.join(directory, 'run');
  run = { path: out, config, result: await session.run(config, { out }) };
});
afterAll(() => session.close());

const filesOf = (folder: string) => (member: string) => readFile(path.join(folder, 'members', `${member}.safetensors`));
const options: VerifyOptions = {
  path: null,
  each: 3,
  integration: { steps: 120, stepSize: 0.01, keep: 7 },
  projection: 'random',
};
const verify = (values: Partial<VerifyOptions> = {}, of = run) =>
  verifyExit(session, of, filesOf(run.path), { ...options, ...values });

describe('verifyExit', () => {
  let check: ExitVerdict;
  const integrated: number[] = [];
  beforeAll(async () => {
    check = await verify({ onIntegrated: (done) => integrated.push(done) });
  });

  it('verifies the exit that the run reports', () => {
    const member = run.result.members.find(({ name }) => name === 'tier1-1');
    expect(check.path).toBe('tier1-1');
    expect(check.exit).toEqual({
      iteration: member?.exit?.step,
      rho1: member?.exit?.rho1,
      peakLoss: member?.exit?.peakLoss,
    });
  });

  it('takes samples on both sides of the maximum, those before it from where flows return to the origin', () => {
    const offsets = (side: string) =>
      check.samples.filter((sample) => sample.side === side).map(({ offset }) => offset);
    expect(Math.max(...offsets('before'))).toBeLessThan(0);
    expect(Math.min(...offsets('after'))).toBeGreaterThan(0);
    expect(offsets('after')).toHaveLength(3);
    if (check.boundary !== null) {
      const { inside, outside } = check.boundary;
      expect(inside.iteration).toBeLessThan(outside.iteration);
      for (const { side, iteration } of check.samples) {
        if (side === 'before') expect(iteration).toBeLessThanOrEqual(inside.iteration);
      }
    }
  });

  it('integrates from each point once, and says how many it has integrated', () => {
    expect(integrated).toEqual(integrated.map((_, k) => k + 1));
    expect(integrated.length).toBeGreaterThanOrEqual(check.samples.length + 1); // the origin's own flow is one of them
  });

  it('follows flows that go down: each ends below the loss at its start', () => {
    for (const { loss, end } of check.samples) expect(end.loss).toBeLessThan(loss);
  });

  it('shows the flow from each sample, begun on the path, and the exit point among the points of the path', () => {
    const { points, path: shown, exit } = check.view;
    expect(shown).toContainEqual(exit);
    for (const { trajectory, end } of points) {
      expect(shown).toContainEqual(trajectory[0]);
      expect(trajectory[trajectory.length - 1]).toEqual(end);
      expect(trajectory).toHaveLength(7);
    }
  });

  it('is the same check again with the same run', async () => {
    expect(await verify()).toEqual(check);
  });

  it('refuses to judge a search that cannot be replayed', async () => {
    const tampered = path.join(directory, 'tampered');
    fs.cpSync(run.path, tampered, { recursive: true });
    const file = path.join(tampered, 'traces', 'search-tier1.csv');
    const [head, first, ...rows] = fs.readFileSync(file, 'utf8').split('\n');
    const column = head.split(',').indexOf('loss');
    const changed = first.split(',').map((cell, k) => (k === column ? String(Number(cell) + 0.1) : cell));
    fs.writeFileSync(file, [head, changed.join(','), ...rows].join('\n'));
    const broken = verify({}, { ...run, path: tampered });
    await expect(broken).rejects.toThrow(DataError);
    await expect(broken).rejects.toThrow('the search cannot be replayed: at iteration 0 its loss is');
  });

  it('refuses a path without an exit, naming those that have one', async () => {
    await expect(verify({ path: 'tier1-7' })).rejects.toThrow(
      new UsageError("path 'tier1-7' has no exit to verify; with one: tier1-1"),
    );
  });

  it('refuses more samples than the path has steps', async () => {
    await expect(verify({ each: 5000 })).rejects.toThrow('5000 samples a side need as many');
  });
});

describe('measureBarriers', () => {
  it('measures every segment once, with the barrier that the run itself reports', async () => {
    const told: number[][] = [];
    const onSegment = (done: number, of: number) => told.push([done, of]);
    const segments = await measureBarriers(session, run, filesOf(run.path), { onSegment });
    expect(segments.map(({ from, to }) => [from, to])).toEqual([['tier0', 'tier1-1']]);
    expect(segments[0].barrier).toBe(run.result.members[1].barrierToParent);
    expect(segments[0].loss).toHaveLength(run.config.barrierPoints);
    expect(told).toEqual([[1, 1]]);
  });

  it('needs two networks', async () => {
    const alone = { ...run, result: { ...run.result, members: run.result.members.slice(0, 1) } };
    await expect(measureBarriers(session, alone, filesOf(run.path), {})).rejects.toThrow('fewer than two networks');
  });
});
