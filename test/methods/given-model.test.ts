import path from 'node:path';
import type { ConfigInput } from '../../src/config/schema';
import { ConfigError } from '../../src/errors';
import { memberFile, TestSession } from './session';

const session = new TestSession();
const SEARCHED: ConfigInput = { method: 'dsp-tt', budget: { steps: 120 } };

describe('a model that comes trained', () => {
  it('is tier 0 as it comes, and trains no step', async () => {
    const single = await session.run({ method: 'single', budget: { steps: 60 } });
    const weights = path.join(single.out, 'members', 'tier0.safetensors');
    const ran = await session.run({ ...SEARCHED, model: { weights } }, { tier0: 'model' });
    const [first, ...others] = ran.result.members;
    expect(first).toMatchObject({ name: 'tier0', state: 'given', testLoss: single.result.members[0].testLoss });
    expect(others.length).toBeGreaterThan(0);
    expect(ran.steps).toBeLessThan(120);
    const tensors = (file: Uint8Array) => Buffer.from(file).subarray(-4 * ran.result.parameters);
    expect(tensors(memberFile(ran, 'tier0'))).toEqual(tensors(memberFile(single, 'tier0')));
  });

  it('is told from others by the hashes in the result', async () => {
    const run = async (seed: number) => (await session.run({ method: 'single', budget: { steps: 5 }, seed })).result;
    const [first, again, other] = [await run(0), await run(0), await run(1)];
    expect(first.network?.signature).toMatch(/^[0-9a-f]{64}$/);
    expect(again.network).toEqual(first.network);
    expect(other.network).toEqual({
      signature: first.network?.signature,
      stateSha256: expect.not.stringContaining(first.network?.stateSha256 ?? ''),
    });
  });

  it('is needed for that: a network that is merely initialised is refused', async () => {
    const run = session.run(SEARCHED, { tier0: 'model' });
    await expect(run).rejects.toThrow(ConfigError);
    await expect(run).rejects.toThrow(/where it comes trained: state model\.weights.*"name":"mlp"/);
  });
});
