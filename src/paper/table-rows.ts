import type { PresetSize } from '../config/scale';
import type { ConfigInput } from '../config/schema';
import { pathName, TIER0, tierName } from '../trust-tech/names';
import { type PeerMethod, type PeerNumber, peersOf } from './peers';
import type { Shown } from './runs/measured-row';
import { type Cifar, TABLE_1, TABLE_2, TABLE_3, TABLE_4, type Table2Row } from './tables';

export const TABLES = ['table1', 'table2', 'table3', 'table4'] as const;
export type TableName = (typeof TABLES)[number];

/** The paper's networks: their titles there, and the part of a preset's name after the data set. */
export const ARCHITECTURES = {
  vgg: { title: 'VGG16', preset: 'vgg16' },
  resnet: { title: 'ResNet-164', preset: 'resnet164' },
  densenet: { title: 'DenseNet-100', preset: 'densenet100' },
} as const;
export type Architecture = keyof typeof ARCHITECTURES;

/** Method whose runs rows are read from, with its differences from the preset, at every scale and at some. */
export interface Contestant {
  /** Part of the names of its runs. */
  readonly key: string;
  readonly method: string;
  readonly settings: ConfigInput;
  readonly scaled?: Readonly<Partial<Record<PresetSize, ConfigInput>>>;
}

/** Row of a reproduced table, with the numbers that the paper and the peers print for it. */
export interface TableRow {
  /** Unique in its table. */
  readonly name: string;
  readonly label: string;
  readonly architecture: Architecture;
  readonly contestant: Contestant;
  readonly shows: Shown;
  readonly paper: Printed | null;
  readonly peers: readonly PeerNumber[];
}

/** Numbers that the paper prints in a row. */
export interface Printed {
  readonly place: string;
  readonly models: number;
  readonly testErrorPct: Cifar;
  readonly testLoss?: Cifar;
  readonly outputCorrelation?: Cifar;
  readonly parameterDistance?: Cifar;
}

const INDIVIDUAL: Contestant = { key: 'single', method: 'single', settings: {} };
const SSE: Contestant = { key: 'snapshot', method: 'snapshot', settings: {} };
/** FGE as the paper runs it, which is how the presets run it. */
const FGE: Contestant = { key: 'fge', method: 'fge', settings: {} };
/** FGE as its authors' README runs it: from epoch 160 of 200, 20 cycles of 2 epochs, the rate down to 0.01. */
const FGE_AUTHORS: Contestant = {
  key: 'fge-authors',
  method: 'fge',
  settings: { fge: { start: 0.8, cycles: 20, lrMin: 0.01 }, pairBarriers: false }, // 190 pairs
  scaled: { smoke: { fge: { start: 0.5, cycles: 3 } } },
};
const SWA: Contestant = { key: 'swa', method: 'swa', settings: {} };
const RANDOM_JUMP: Contestant = { key: 'random-jump', method: 'random-jump', settings: {} };
const DSP_TT: Contestant = { key: 'dsp-tt', method: 'dsp-tt', settings: {} };
const INDEPENDENT: Contestant = {
  key: 'independent-6-budgets',
  method: 'independent',
  settings: { independent: { members: 6, budgets: 6 } },
  scaled: { smoke: { independent: { members: 2, budgets: 2 } } },
};
const FULL_TRAIN: Contestant = {
  key: 'dsp-tt-full-train',
  method: 'dsp-tt',
  settings: { dspTt: { fullTrain: true } },
};

/**
 * Settings of two tiers out of one budget: twice the share of one tier (50 of 300 epochs each), fine-tuning on top. The
 * reduced preset gives one tier more than half of its budget, so there both rows of table 1 get twice the budget
 * instead.
 */
const TWICE: ConfigInput = { budget: { epochs: 120 } };
const TWO_TIERS: Contestant = {
  key: 'dsp-tt-two-tiers',
  method: 'dsp-tt',
  settings: { dspTt: { tiers: [5, 5], tierShare: 1 / 3, fineTune: { epochs: 10 } } },
  scaled: {
    reduced: { ...TWICE, dspTt: { tierShare: 0.6, fineTune: { epochs: 1 } } },
    smoke: { budget: { steps: 48 }, dspTt: { tiers: [2, 2], tierShare: 0.5, fineTune: { epochs: 0.125 } } },
  },
};
const BASELINE: Contestant = {
  key: 'single-two-tiers',
  method: 'single',
  settings: {},
  scaled: { reduced: TWICE, smoke: { budget: { steps: 48 } } },
};

/** Number of networks in each ensemble of table 1 (section 5.2). */
const MODELS_1: Readonly<Record<string, number>> = { 'Tier-1': 5, 'Tier-1-tune': 5, 'Tier-0-1': 6, 'Tier-0-1-2': 11 };

/** Returns the rows of a table, in its order, of the given architectures. */
export function rowsOf(table: TableName, architectures: readonly Architecture[]): readonly TableRow[] {
  return ROWS[table].filter(({ architecture }) => architectures.includes(architecture));
}

/** Returns the architectures of a table. */
export function architecturesOf(table: TableName): Architecture[] {
  return [...new Set(ROWS[table].map(({ architecture }) => architecture))];
}

const ROWS: Readonly<Record<TableName, readonly TableRow[]>> = {
  table1: TABLE_1.map(({ name, errorPct, loss }) => {
    const baseline = name === 'Baseline';
    return {
      name: name.toLowerCase(),
      label: name,
      architecture: 'densenet',
      contestant: baseline ? BASELINE : TWO_TIERS,
      shows: { ensemble: baseline ? null : name.toLowerCase() },
      paper: { place: `table 1, row ${name}`, models: MODELS_1[name] ?? 1, testErrorPct: errorPct, testLoss: loss },
      peers: baseline ? peersOf('densenet', 'single', 1) : [],
    };
  }),
  table2: (['vgg', 'resnet', 'densenet'] as const).flatMap((architecture) => [
    row(architecture, 'Individual', INDIVIDUAL, in2(architecture, 'Individual'), ['single', 1]),
    row(architecture, 'SSE', SSE, in2(architecture, 'SSE')),
    row(architecture, 'FGE', FGE, in2(architecture, 'FGE')),
    row(architecture, "FGE, authors' recipe", FGE_AUTHORS, null, ['fge', 1]),
    row(architecture, 'SWA', SWA, null, ['swa', 1]),
    row(architecture, 'random jump (control)', RANDOM_JUMP, null),
    row(architecture, 'DSP-TT', DSP_TT, in2(architecture, 'DSP-TT')),
  ]),
  table3: [
    row('resnet', 'Individual', INDIVIDUAL, in3('Individual'), ['single', 1]),
    row('resnet', 'Individual-Ens', INDEPENDENT, in3('Individual-Ens'), ['independent', 6]),
    row('resnet', 'SSE', SSE, in3('SSE')),
    row('resnet', 'FGE', FGE, in3('FGE')),
    row('resnet', "FGE, authors' recipe", FGE_AUTHORS, null, ['fge', 1]),
    row('resnet', 'SWA', SWA, null, ['swa', 1]),
    row('resnet', 'random jump (control)', RANDOM_JUMP, null),
    row('resnet', 'DSP-TT-0-1', DSP_TT, in3('DSP-TT-0-1')),
    row('resnet', 'DSP-TT-0-1-full-train', FULL_TRAIN, in3('DSP-TT-0-1-full-train')),
  ],
  table4: TABLE_4.map(({ network, errorPct }, k) => ({
    name: network.toLowerCase(),
    label: network,
    architecture: 'resnet',
    contestant: FULL_TRAIN,
    shows: { network: k === 0 ? TIER0 : pathName(tierName(1), k) },
    paper: { place: `table 4, row ${network}`, models: 1, testErrorPct: errorPct },
    peers: [],
  })),
};

function row(
  architecture: Architecture,
  label: string,
  contestant: Contestant,
  paper: Printed | null,
  peers: readonly [PeerMethod, budgets: number] | null = null,
): TableRow {
  const name = `${architecture}/${contestant.key}`;
  const beside = peers === null ? [] : peersOf(architecture, ...peers);
  return { name, label, architecture, contestant, shows: { ensemble: null }, paper, peers: beside };
}

function in2(architecture: Architecture, method: string): Printed {
  const { title } = ARCHITECTURES[architecture];
  const isIt = (entry: Table2Row) => entry.architecture === title && entry.method === method;
  const { models, errorPct, outputCorrelation } = TABLE_2[TABLE_2.findIndex(isIt)];
  return { place: `table 2, row ${title}/${method}`, models, testErrorPct: errorPct, outputCorrelation };
}

function in3(method: string): Printed {
  const at = TABLE_3.findIndex((entry) => entry.method === method);
  const { models, errorPct, parameterDistance, outputCorrelation } = TABLE_3[at];
  return { place: `table 3, row ${method}`, models, testErrorPct: errorPct, parameterDistance, outputCorrelation };
}
