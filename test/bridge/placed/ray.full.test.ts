import { until } from '../../builders';
import { RunsOnRay } from './on-ray';

const runs = new RunsOnRay();

runs.describe('a run on a real Ray', () => {
  runs.useRay(2);

  it('goes on at another place when its node dies, has the bits of a run here, and leaves no worker', async () => {
    const notices = await runs.disturbed('node', () => {
      const [{ node }] = runs.ray.workers();
      runs.ray.killNode(node);
    });
    expect(notices).toEqual([expect.stringContaining('starting another one (1 of 20 within an hour)')]);
    await until(() => runs.ray.workers().length === 0);
  }, 120_000);
});
