import { resolveConfig } from '../../src/config/resolve';
import type { ConfigInput } from '../../src/config/schema';
import { Session } from '../../src/run/session/session';
import { temporaryDirectory } from '../builders';
import { atLength } from '../soak';

const SEEDS = Array.from({ length: atLength(4, 10) }, (_, seed) => seed);
/** Four perceptrons with dropout, whose masks are others in a stack. */
const MEMBERS: ConfigInput = {
  preset: 'digits',
  method: 'independent',
  model: { name: 'mlp', args: { dropout: 0.2 } },
  independent: { members: 4 },
  budget: { steps: 480 },
};

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
const deviation = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

describe('networks with dropout that are trained as a stack', () => {
  const directory = temporaryDirectory();
  let session: Session;
  beforeAll(async () => {
    session = await Session.start();
  });
  afterAll(() => session.close());

  async function testLosses(name: string, values: ConfigInput): Promise<number[]> {
    const losses: number[] = [];
    for (const seed of SEEDS) {
      const layers = [MEMBERS, values, { seed }].map((layer) => ({ from: 'test', values: layer }));
      const { members } = await session.run(resolveConfig(layers), { out: `${directory}/${name}-${seed}` });
      losses.push(mean(members.map(({ testLoss }) => testLoss ?? Number.NaN)));
    }
    return losses;
  }

  it('are as good as those that are trained one after the other: test loss over some seeds, within two standard errors', async () => {
    const alone = await testLosses('alone', {});
    const stacked = await testLosses('stacked', { membersAtOnce: 4, membersWay: 'stack' });
    const differences = stacked.map((loss, k) => loss - alone[k]);
    expect(new Set(differences).has(0)).toBe(false);
    const standardError = Math.hypot(deviation(alone), deviation(stacked)) / Math.sqrt(SEEDS.length);
    expect(Math.abs(mean(differences))).toBeLessThan(2 * standardError);
  });
});
