import { checkSameNetwork, type StateEntry } from '../../../src/bridge/pythonia/same-network';
import { ConfigError } from '../../../src/errors';

describe('a factory that is called again', () => {
  const first: StateEntry[] = [
    { name: 'layer.weight', form: '[3, 2] torch.float32', sha256: 'aa' },
    { name: 'layer.bias', form: '[3] torch.float32', sha256: 'bb' },
  ];
  const without = (name: string) => first.filter((entry) => entry.name !== name);

  it('may build the same network again', () => {
    expect(() => checkSameNetwork(first, structuredClone(first))).not.toThrow();
  });

  it.each([
    ['a tensor less', without('layer.bias'), 'layer.bias is missing'],
    ['a tensor more', [...first, { name: 'head', form: '[1] torch.float32', sha256: 'cc' }], 'head is new'],
    [
      'another shape',
      [...without('layer.bias'), { name: 'layer.bias', form: '[4] torch.float32', sha256: 'bb' }],
      'layer.bias is [4] torch.float32, it was [3] torch.float32',
    ],
    [
      'other weights',
      [...without('layer.weight'), { name: 'layer.weight', form: '[3, 2] torch.float32', sha256: 'dd' }],
      'layer.weight has other values',
    ],
  ])('is refused when it builds one with %s', (_what, now, message) => {
    expect(() => checkSameNetwork(first, now)).toThrow(ConfigError);
    expect(() => checkSameNetwork(first, now)).toThrow(message);
  });
});
