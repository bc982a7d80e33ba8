import path from 'node:path';
import { resume } from '../../../src/run/resume';
import { failureOf, temporaryDirectory } from '../../builders';
import { answerOf, startScript } from '../../zoo/script';
import { hashesOf, remainsOf } from './runs';

describe('a run whose network a script has built', () => {
  const directory = temporaryDirectory();
  const out = path.join(directory, 'run');
  const script = (run: string, ...how: string[]) => startScript('resumed.ts', directory, [run, ...how]);
  let left: Record<string, string>;

  beforeAll(async () => {
    expect(await script(out, 'die').ended).toMatchObject({ signal: 'SIGKILL', stdout: '' });
    left = hashesOf(out);
  });

  it('is not for `dsptt resume`, which says what to do', async () => {
    const error = await failureOf(resume(out));
    expect(error).toMatchObject({ kind: 'UsageError', message: expect.stringContaining('run that script') });
    expect(hashesOf(out)).toEqual(left);
  });

  it('is refused to the script where that builds another network', async () => {
    expect(await answerOf(script(out, 'other'))).toMatchObject({
      kind: 'DeterminismError',
      message: expect.stringMatching(/^command 0 \(open\) was repeated and did not answer as the journal says/),
    });
  });

  it('goes on when the script is run again, to the result of one that was left alone', async () => {
    const whole = path.join(directory, 'whole');
    expect(await answerOf(script(out))).toEqual(await answerOf(script(whole)));
    expect(remainsOf(out)).toEqual(remainsOf(whole));
  });
});
