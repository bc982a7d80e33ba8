import { z } from 'zod';
import { CommandLine } from '../dsptt';

const cli = new CommandLine();
const lists = z.object({ models: z.array(z.object({ name: z.string(), parameters10: z.number() })) });

describe('dsptt models', () => {
  it('prints our networks with their sizes and how a configuration states them, and a zoo in JSON', async () => {
    const [ours, zoo] = await cli.runInOneProcess([
      ['models', '--search', 'resnet-1'],
      ['models', '--zoo', 'pytorchcv', '--search', 'PreResNet20', '--json'],
    ]);
    expect([ours.code, zoo.code]).toEqual([0, 0]);
    expect(ours.stdout).toMatch(/│ PreResNet-164 +│ \{ name: preresnet, args: \{ depth: 164 \} \} +│/);
    expect(ours.stdout).toMatch(/│ PreResNet-164 +│ +1,703,258 │ +1,726,388 │/);
    expect(ours.stdout).not.toContain('VGG');
    expect(lists.parse(JSON.parse(zoo.stdout)).models).toContainEqual({ name: 'preresnet20', parameters10: 272_282 });
    expect(cli.left.workers).toEqual([]);
  });

  it('refuses a zoo that it does not know, and a limit out of range, with code 2', async () => {
    const [zoo, limit] = await cli.runInOneProcess([
      ['models', '--zoo', 'keras'],
      ['models', '--limit', '1001'],
    ]);
    expect(zoo).toMatchObject({ code: 2, stdout: '' });
    expect(zoo.stderr).toMatch(/^ConfigError: unknown zoo 'keras'; known: pytorchcv, timm, torchvision\n/);
    expect(limit).toMatchObject({ code: 2, stderr: expect.stringContaining('must be 1 to 1000') });
  });
});
