import { Command } from 'commander';
import { type ConfigFlags, configLayers, withConfigFlags } from '../../../src/cli/flags/config-flags';
import { resolveConfig } from '../../../src/config/resolve';
import type { Config } from '../../../src/config/schema';
import { UsageError } from '../../../src/errors';

function configOf(...flags: string[]): Config {
  const command = withConfigFlags(new Command().configureOutput({ writeErr: () => {} }));
  command.parse(['--preset', 'wine', ...flags], { from: 'user' });
  return resolveConfig(configLayers(command.opts<ConfigFlags>()));
}

describe('flags of a run', () => {
  it('cut batches into chunks, also with batch norm, only when they say so', () => {
    expect(configOf()).toMatchObject({ batchChunks: 1, allowChunkedBn: false });
    expect(configOf('--set=batchChunks=4')).toMatchObject({ batchChunks: 4, allowChunkedBn: false });
    const both = configOf('--set=batchChunks=2', '--set=allowChunkedBn=true');
    expect(both).toMatchObject({ batchChunks: 2, allowChunkedBn: true });
    expect(() => configOf('--set=batchChunks=0')).toThrow('batchChunks must be >= 1');
  });

  it('say how networks are run, which by default is as always', () => {
    const DEFAULTS = { precision: 'fp32', compile: false, channelsLast: false, graphs: 'auto', data: 'auto' };
    expect(configOf()).toMatchObject(DEFAULTS);
    const set = ['compile=true', 'channelsLast=true', 'graphs=off', 'data=stream'].map((setting) => `--set=${setting}`);
    const asked = { precision: 'bf16', compile: true, channelsLast: true, graphs: 'off', data: 'stream' };
    expect(configOf('--precision=bf16', ...set)).toMatchObject(asked);
  });

  it.each(['precision=fp16', 'set=graphs=on', 'set=data=disk'])('are refused as --%s, with what there is', (flag) => {
    const [name, value] = flag.split('=').slice(-2);
    expect(() => configOf(`--${flag}`)).toThrow(new RegExp(`${name} .*${value}`));
  });

  it('give way to --set, wherever that stands', () => {
    expect(configOf('--set=budget.steps=70', '--budget=30', '--tiers=4,2')).toMatchObject({
      budget: { steps: 70 },
      dspTt: { tiers: [4, 2] },
    });
  });
});

describe('an option that a command does not have', () => {
  it.each([
    ['--batch-chunks=4', '--set batchChunks=VALUE'],
    ['--full-train', '--set dspTt.fullTrain=true'],
    ['--data', '--set data=VALUE'],
    ['--lr', '--set localSolver.lr=VALUE or --set snapshot.lr=VALUE or --set csgMcmc.lr=VALUE'],
  ])('is answered with the settings of its name: %s', (flag, settings) => {
    const [option] = flag.split('=');
    expect(() => configOf(flag)).toThrow(new UsageError(`unknown option '${option}': write ${settings}`));
  });

  it.each([
    ['--fast', 'no setting has that name'],
    ['--seed', 'a flag of another command states the setting'],
  ])('is only unknown: %s, as %s', (flag) => {
    expect(() => configOf(flag)).toThrow(new RegExp(`^error: unknown option '${flag}'`));
  });
});
