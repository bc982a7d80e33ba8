import { resultSchema } from '../../../src/store/result';
import { FAST_SEARCH_FLAGS, until, workersOf } from '../../builders';
import { CommandLine } from '../dsptt';

const BUDGET = ['--preset=wine', '--budget=250', ...FAST_SEARCH_FLAGS];
const SIGNALS = [
  { signal: 'SIGINT', code: 130 },
  { signal: 'SIGTERM', code: 143 },
] as const;

describe('dsptt', () => {
  const cli = new CommandLine();
  it('starts from the member of another run with --tier0', async () => {
    const first = await cli.run(['run', ...BUDGET, '--method=single', '--out=first', '--json', '--quiet']);
    const trained = resultSchema.parse(JSON.parse(first.stdout));
    const tier0 = '--tier0=first/members/tier0.safetensors';
    const { code, stdout } = await cli.run(['run', ...BUDGET, tier0, '--json', '--quiet']);
    const given = resultSchema.parse(JSON.parse(stdout));
    expect(code).toBe(0);
    expect(given.members[0]).toMatchObject({ state: 'given', testLoss: trained.members[0].testLoss });
  });

  it('prints the results of all methods and seeds as JSON', async () => {
    const flags = ['--seeds=1,2', '--json', '--quiet', '--out=seeds'];
    const { code, stdout, stderr } = await cli.run(['compare', ...BUDGET, '--methods=single,fge', ...flags]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { schema, results } = JSON.parse(stdout);
    expect(schema).toBe(1);
    const parsed = resultSchema.array().parse(results);
    expect(parsed.map(({ method, seed }) => `${method} ${seed}`)).toEqual(['single 1', 'fge 1', 'single 2', 'fge 2']);
    expect(JSON.parse(cli.read('seeds/fge-2/result.json'))).toEqual(parsed[3]);
  });

  const killed = new CommandLine();
  it('goes on to its end when its worker dies at any moment of a run', async () => {
    const long = ['run', '--preset=wine', '--budget=8000', '--set=dspTt.detector.minRise=1000', ...FAST_SEARCH_FLAGS];
    const evaluation = ['run', ...BUDGET, '--method=random-jump', '--set=barrierPoints=1001']; // a long one
    for (const line of [/tier0/, /search of tier 1/, /evaluation/]) {
      const started = killed.start([...(line.source === 'evaluation' ? evaluation : long), '--json']);
      await started.errorOutput(line);
      const [worker] = workersOf(started.child.pid ?? -1);
      process.kill(worker, 'SIGKILL');
      const ended = await started.ended;
      expect(ended.stderr).toMatch(/was ended by SIGKILL.*; starting another one \(1 of 3 within an hour\)/);
      expect(ended.stderr).not.toMatch(/^ +at /m);
      expect(ended.code).toBe(0);
      resultSchema.parse(JSON.parse(ended.stdout));
    }
    expect(killed.left.workers).toEqual([]);
  }, 300_000);

  const interrupted = new CommandLine();
  it('leaves no process, and a run to go on with, when it is interrupted at any moment', async () => {
    const long = ['run', '--preset=wine', '--budget=8000', '--set=dspTt.tierShare=0.9', ...FAST_SEARCH_FLAGS];
    for (const { signal, code } of SIGNALS) {
      for (const line of [/tier0/, /search of tier 1/, /tier1-1/, /tier1-3/]) {
        const started = interrupted.start(long);
        await started.errorOutput(line);
        const [worker] = workersOf(started.child.pid ?? -1);
        started.child.kill(signal);
        const ended = await started.ended;
        expect(ended).toMatchObject({ code, stdout: '' });
        expect(ended.stderr).not.toMatch(/^ +at /m);
        await until(() => !workersOf(1).includes(worker));
        expect(interrupted.left.workers).toEqual([]);
        const [, run] = /`npx --no dsptt resume (\S+)` resumes the run\n$/.exec(ended.stderr) ?? [];
        expect(interrupted.has(`${run}/journal.jsonl`)).toBe(true);
        if (signal === 'SIGTERM') continue; // it leaves what SIGINT leaves
        expect(await interrupted.run(['resume', run, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
      }
    }
  }, 600_000);
});
