import { CommandLine } from '../dsptt';
import { checkFailure, writeBadFiles } from './failing-run';
import { CASES } from './failure-cases';

describe('a run that cannot work', () => {
  const cli = new CommandLine();
  beforeAll(() => writeBadFiles(cli));

  it.each(CASES)('ends with $code and one sentence on $what', (given) => checkFailure(cli, given));

  it('shows the Python traceback with --debug', async () => {
    const { stderr } = await cli.run(['run', '--debug', '--preset=wine', '--quiet', '--set=dataset.name=mnist3']);
    expect(stderr).toMatch(/^ConfigError: unknown dataset 'mnist3'/);
    expect(stderr).toContain('Traceback (most recent call last)');
  });

  it('refuses --tier0 for a method that trains its own network', async () => {
    const ended = await cli.run(['run', '--preset=wine', '--quiet', '--method=fge', '--tier0=other.safetensors']);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--tier0') });
  });
});
