/** Command lines that fail in the worker, or on the way to it, and what must be said of each. */
export const FILES = { other: 'other.safetensors', damaged: 'damaged.safetensors', text: 'text.safetensors' };

export interface Case {
  readonly what: string;
  readonly args: string;
  readonly code: number;
  readonly says: readonly string[];
  readonly env?: Record<string, string>;
}

/** What only the worker, or starting it, can find. */
export const CASES: readonly Case[] = [
  {
    what: 'an unknown data set',
    args: '--set=dataset.name=mnist3',
    code: 2,
    says: ['ConfigError', "'mnist3'", 'known: digits, mnist, wine, winequality'],
  },
  {
    what: 'an unknown network',
    args: '--set=model={name: lenet}',
    code: 2,
    says: ['ConfigError', "'lenet'", 'known: conv, '],
  },
  {
    what: 'an unknown argument of a network',
    args: '--set=model.args.hiden=[3]',
    code: 2,
    says: ['ConfigError', "'hiden'", 'known: hidden'],
  },
  {
    what: 'a network that does not fit the data',
    args: '--set=model={name: conv}',
    code: 2,
    says: ['ConfigError', 'conv', '13'],
  },
  { what: 'a device that is not there', args: '--device=cuda:77', code: 2, says: ['ConfigError', "'cuda:77'"] },
  { what: 'a missing data directory', args: '--data-dir=/nowhere/data', code: 1, says: ['DataError', '/nowhere/data'] },
  {
    what: 'a --tier0 file that is not there',
    args: '--tier0=none.safetensors',
    code: 1,
    says: ['DataError', 'none.safetensors'],
  },
  {
    what: 'a --tier0 file of another network',
    args: `--tier0=${FILES.other}`,
    code: 1,
    says: ['DataError', FILES.other, 'another network'],
  },
  {
    what: 'a damaged --tier0 file',
    args: `--tier0=${FILES.damaged}`,
    code: 1,
    says: ['DataError', FILES.damaged, 'damaged'],
  },
  {
    what: 'a --tier0 file without tensors',
    args: `--tier0=${FILES.text}`,
    code: 1,
    says: ['DataError', FILES.text, 'not a safetensors file'],
  },
  {
    what: 'a tier 0 that diverges',
    args: '--set=localSolver.lr=1e30',
    code: 1,
    says: ['DivergedError', 'tier 0', '1e+30', 'lower the learning rate'],
  },
  { what: 'a budget too small for the search', args: '--budget=20', code: 2, says: ['ConfigError', 'fits'] },
  {
    what: 'a Python that is not there',
    args: '--quiet',
    env: { DSPTT_PYTHON: '/nowhere/python' },
    code: 1,
    says: ['WorkerError', '/nowhere/python', 'DSPTT_PYTHON'],
  },
];
