import { z } from 'zod';
import { CommandLine } from '../dsptt';

const cli = new CommandLine();
const checks = z.array(z.object({ name: z.string(), status: z.string(), remedy: z.string().nullable() }));

describe('dsptt doctor', () => {
  it('prints a row for each thing that a run needs and ends with 0 where all is well', async () => {
    const { code, stdout, stderr } = await cli.run(['doctor']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of ['Node', 'ZeroMQ', 'Python', 'torch', 'pyzmq', 'safetensors', 'worker', 'devices']) {
      expect(stdout).toMatch(new RegExp(`^(ok|warn) +${name} `, 'm'));
    }
    expect(stdout).not.toContain('FAIL');
    expect(cli.left.workers).toEqual([]);
  });

  it('says what to do about a Python that cannot be used and ends with 1, as JSON too', async () => {
    const env = { DSPTT_PYTHON: '/bin/false' };
    const [rows, json] = await cli.runInOneProcess([['doctor'], ['doctor', '--json']], env);
    expect([rows.code, json.code]).toEqual([1, 1]);
    expect(rows.stdout).toMatch(/^FAIL Python .*\/bin\/false.*(\n.*)*\n +-> \S/m);
    const failed = checks.parse(JSON.parse(json.stdout)).filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([{ name: 'Python', remedy: expect.stringMatching(/DSPTT_PYTHON|npm run setup/) }]);
  });

  it('says what to do about a DSPTT_PYTHON that names nothing', async () => {
    const [{ code, stdout }] = await cli.runInOneProcess([['doctor']], { DSPTT_PYTHON: '/nowhere/python' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL Python .*DSPTT_PYTHON is \/nowhere\/python.*\n +-> \S/m);
  });
});
