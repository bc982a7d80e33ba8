import { searchLines } from '../../src/tracking/curves';
import type { Line } from '../../src/tracking/lines';
import { CommandLines } from '../../src/tracking/lines-of-commands';

const search = (path: readonly number[], growth: readonly number[], start = 0) => ({
  start,
  paths: ['tier1-1', 'tier1-2'],
  stream: 'data/tier1-search',
  path: Int32Array.from(path),
  growth: Float64Array.from(growth),
});
const answer = (loss: readonly number[]) =>
  Promise.resolve({ loss: Float32Array.from(loss), norm: Float32Array.from(loss) });

/** What is told of some commands, once all have been answered. */
async function told(form: 'ratio' | 'literal', commands: readonly (readonly [string, object, Promise<object>])[]) {
  const lines: Line[] = [];
  const live = new CommandLines(form, (line) => lines.push(line));
  for (const command of commands) live.onCommand(...command);
  await Promise.allSettled(commands.map(([, , answered]) => answered));
  return lines;
}

const NEW_PATHS = ['tier1-1', 'tier1-2'].map((path) => ['newPath', { path }, Promise.resolve({})] as const);

describe('the curves of a run that goes on', () => {
  it('are those of each stretch of a training, with its rates', async () => {
    const args = { point: 'tier0', start: 50, lr: Float64Array.of(0.1, 0.05) };
    const lines = await told('ratio', [
      ['descend', args, Promise.resolve({ loss: Float32Array.of(2, 1), finite: true })],
    ]);
    expect(lines).toEqual([
      { series: 'tier0', tag: 'descent/loss', steps: [50, 51], values: [2, 1] },
      { series: 'tier0', tag: 'descent/lr', steps: [50, 51], values: [0.1, 0.05] },
    ]);
  });

  it('are those of each network where several are trained at once', async () => {
    const args = { points: ['a', 'b'], starts: [0, 5], lr: Float64Array.of(0.5, 0.25, 0.125, 0.0625) };
    const lines = await told('ratio', [
      ['descendStack', args, Promise.resolve({ loss: Float32Array.of(4, 3, 2, 1), finite: [true, true] })],
    ]);
    expect(lines).toEqual([
      { series: 'a', tag: 'descent/loss', steps: [0, 1], values: [4, 3] },
      { series: 'a', tag: 'descent/lr', steps: [0, 1], values: [0.5, 0.25] },
      { series: 'b', tag: 'descent/loss', steps: [5, 6], values: [2, 1] },
      { series: 'b', tag: 'descent/lr', steps: [5, 6], values: [0.125, 0.0625] },
    ]);
  });

  it('have the validation points of each network, at the steps after which they were measured', async () => {
    const points = [{ loss: 0.5, errorPct: 25 }];
    const [alone, at] = [{ loss: Float32Array.of(2, 1), validation: points }, 'descent/validation'];
    const lines = await told('ratio', [
      ['descend', { point: 'a', start: 2, lr: Float64Array.of(1, 1), validateEvery: 4 }, Promise.resolve(alone)],
      [
        'descendStack',
        { points: ['b', 'c'], starts: [0, 1], lr: Float64Array.of(1, 1), validateEvery: 2 },
        Promise.resolve({ loss: Float32Array.of(2, 1), validation: [[], [{ loss: Number.NaN, errorPct: null }]] }),
      ],
    ]);
    expect(lines.filter((line) => 'tag' in line && line.tag.startsWith(at))).toEqual([
      { series: 'a', tag: `${at}Loss`, steps: [4], values: [0.5] },
      { series: 'a', tag: `${at}ErrorPct`, steps: [4], values: [25] },
      { series: 'c', tag: `${at}Loss`, steps: [2], values: [null] },
    ]);
  });

  it('are a series a path, whose rho1 grows from one command to the next', async () => {
    const lines = await told('ratio', [
      ...NEW_PATHS,
      ['search', search([0, 1], [0.25, 0.5]), answer([1, 2])],
      ['search', search([0, 0], [2, 2], 2), answer([3, 4])],
    ]);
    expect(lines.filter((line) => 'tag' in line && line.tag === 'search/rho1')).toEqual([
      { series: 'tier1-1', tag: 'search/rho1', steps: [0], values: [0.25] },
      { series: 'tier1-2', tag: 'search/rho1', steps: [1], values: [0.5] },
      { series: 'tier1-1', tag: 'search/rho1', steps: [2, 3], values: [0.5, 1] },
    ]);
    expect(lines).toContainEqual({ series: 'tier1-1', tag: 'search/loss', steps: [2, 3], values: [3, 4] });
  });

  it('take growth for rho1 itself in the literal form', async () => {
    const lines = await told('literal', [...NEW_PATHS, ['search', search([0, 0], [0.25, 0.5]), answer([1, 2])]]);
    expect(lines).toContainEqual({ series: 'tier1-1', tag: 'search/rho1', steps: [0, 1], values: [0.25, 0.5] });
  });

  it('have nothing of commands that fail', async () => {
    const failed = Promise.reject(new Error('no worker'));
    expect(await told('ratio', [...NEW_PATHS, ['search', search([0], [1]), failed]])).toEqual([]);
  });

  it('are in all those of the whole search', async () => {
    const lines = await told('ratio', [...NEW_PATHS, ['search', search([1, 0, 1], [0.5, 0.25, 2]), answer([1, 2, 3])]]);
    const whole = {
      from: 0,
      path: ['tier1-2', 'tier1-1', 'tier1-2'],
      rho1: [0.5, 0.25, 1],
      loss: [1, 2, 3],
      norm: [1, 2, 3],
    };
    expect(lines).toEqual(searchLines(whole));
  });
});
