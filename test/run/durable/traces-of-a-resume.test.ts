import fs from 'node:fs';
import path from 'node:path';
import { resume } from '../../../src/run/resume';
import { endedProcess, tinyConfig } from '../../builders';
import { DurableRuns, PLACES } from './runs';

const config = tinyConfig({ method: 'single', budget: { steps: 60 } });
const runs = new DurableRuns();

/** result.json as it stands on the disk, without its timings. */
function textOf(out: string): string {
  const { timings: _, ...result } = JSON.parse(fs.readFileSync(path.join(out, 'result.json'), 'utf8'));
  return JSON.stringify(result);
}

describe('a resume', () => {
  it('does not show in result.json, not even in the order of its keys', async () => {
    const whole = runs.fresh();
    await runs.run(config, whole);
    const out = await runs.interrupted(config, PLACES['tier 0']);
    await runs.run(config, out, { resume: true });
    expect(textOf(out)).toBe(textOf(whole));
  });

  it('removes the checkpoints and the lock of a run whose process died right after its result', async () => {
    const out = runs.fresh();
    await runs.run(config, out);
    const checkpoints = path.join(out, 'checkpoints');
    fs.mkdirSync(path.join(checkpoints, 'states'), { recursive: true });
    fs.writeFileSync(path.join(checkpoints, '7.json'), '{}');
    fs.writeFileSync(path.join(out, '.lock'), JSON.stringify({ pid: endedProcess(), began: '12345' }));
    await resume(out, { python: '/nowhere/python' });
    expect(fs.existsSync(checkpoints)).toBe(false);
    expect(fs.existsSync(path.join(out, '.lock'))).toBe(false);
  });
});
