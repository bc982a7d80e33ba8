/**
 * The tables of "Constructing Multiple High-Quality Deep Neural Networks: A TRUST-TECH-Based Approach" (ICLR 2021 under
 * review), as printed: errors in percent, losses in nats. Damaged numbers of the copy at hand were read by the note at
 * its head (table 4: '500' is 5.00, '-486' is 4.86). `DEPENDS_ON` states the settings behind each table, `misprints.ts`
 * its errors; a row is named by its table and first columns.
 */

/** Settings behind each table's numbers, as far as the paper states them. It prints no spread over seeds anywhere. */
export const DEPENDS_ON = {
  table1:
    'DenseNet-100-BC (k = 12), 300 epochs in all, 5 paths a tier, fine-tuning 10 epochs a network on top; "run multiple times", averaged',
  table2:
    'VGG16 and ResNet-164: 200 epochs, batches of 128; DenseNet-100-BC: 300 epochs, batches of 64; one tier of 5 paths with 50 of the epochs',
  table3: 'ResNet-164; budgets in epochs, 1200 for six networks of 200',
  table4:
    "the single networks of table 3's DSP-TT-0-1-full-train, 200 epochs each; one run, as it lists members by number",
} as const;

/** Number on CIFAR-10 and on CIFAR-100; null if the paper prints none. */
export interface Cifar {
  readonly cifar10: number | null;
  readonly cifar100: number | null;
}

export interface Table1Row {
  readonly name: string;
  readonly errorPct: Cifar;
  readonly loss: Cifar;
}

/** Table 1: tier settings, DenseNet-100-BC. The baseline is Huang et al.'s (2017b). */
export const TABLE_1: readonly Table1Row[] = [
  { name: 'Baseline', errorPct: on(5.92, 24.15), loss: on(null, null) },
  { name: 'Tier-1', errorPct: on(4.65, 22.29), loss: on(0.1622, 0.9014) },
  { name: 'Tier-1-tune', errorPct: on(4.64, 22.29), loss: on(0.167, 0.9206) },
  { name: 'Tier-0-1', errorPct: on(4.34, 20.85), loss: on(0.1433, 0.8323) },
  { name: 'Tier-0-1-2', errorPct: on(4.36, 20.56), loss: on(0.1396, 0.809) },
];

export interface Table2Row {
  readonly architecture: string;
  /** Budget in epochs. */
  readonly budget: number;
  readonly method: string;
  readonly models: number;
  readonly errorPct: Cifar;
  readonly outputCorrelation: Cifar;
}

/** Table 2: ensembles of three architectures. */
export const TABLE_2: readonly Table2Row[] = [
  table2('VGG16', 200, 'Individual', 1, on(6.75, 27.4)),
  table2('VGG16', 200, 'SSE', 5, on(6.57, 26.4)),
  table2('VGG16', 200, 'FGE', 22, on(6.48, 25.7)),
  table2('VGG16', 200, 'DSP-TT', 6, on(6.56, 25.64), on(0.976, 0.957)),
  table2('ResNet-164', 200, 'Individual', 1, on(4.72, 21.5)),
  table2('ResNet-164', 200, 'SSE', 5, on(4.67, 20.68), on(0.917, 0.815)),
  table2('ResNet-164', 200, 'FGE', 6, on(4.67, 20.75), on(0.944, 0.902)),
  table2('ResNet-164', 200, 'DSP-TT', 6, on(4.53, 20.2), on(0.898, 0.773)),
  table2('DenseNet-100', 300, 'Individual', 1, on(5.92, 24.15)),
  table2('DenseNet-100', 300, 'SSE', 6, on(4.48, 21.08), on(0.946, 0.901)),
  table2('DenseNet-100', 300, 'FGE', 6, on(4.82, 22.82), on(0.992, 0.991)),
  table2('DenseNet-100', 300, 'DSP-TT', 6, on(4.34, 20.85), on(0.903, 0.832)),
];

export interface Table3Row {
  readonly method: string;
  readonly models: number;
  /** Total budget in epochs. */
  readonly budget: number;
  readonly errorPct: Cifar;
  readonly parameterDistance: Cifar;
  readonly outputCorrelation: Cifar;
}

/** Table 3: ResNet-164 in detail. */
export const TABLE_3: readonly Table3Row[] = [
  table3('Individual', 1, 200, on(4.72, 21.5)),
  table3('Individual-Ens', 6, 1200, on(4.35, 19.79), on(42.19, 71.64), on(0.912, 0.756)),
  table3('SSE', 6, 200, on(4.67, 20.68), on(29.7, 44.18), on(0.917, 0.815)),
  table3('FGE', 6, 200, on(4.67, 20.75), on(12.7, 19.06), on(0.944, 0.902)),
  table3('DSP-TT-0-1', 6, 200, on(4.53, 20.2), on(39.41, 69.09), on(0.898, 0.773)),
  table3('DSP-TT-0-1-full-train', 6, 1200, on(3.99, 18.67), on(35.82, 82.11), on(0.929, 0.81)),
];

export interface Table4Row {
  readonly network: string;
  readonly errorPct: Cifar;
}

/** Table 4: the single networks of table 3's DSP-TT-0-1-full-train. */
export const TABLE_4: readonly Table4Row[] = [
  { network: 'Tier-0', errorPct: on(5.0, 21.98) },
  { network: 'Tier-1(#1)', errorPct: on(4.86, 21.58) },
  { network: 'Tier-1(#2)', errorPct: on(4.68, 21.3) },
  { network: 'Tier-1(#3)', errorPct: on(4.78, 21.72) },
  { network: 'Tier-1(#4)', errorPct: on(4.89, 21.98) },
  { network: 'Tier-1(#5)', errorPct: on(4.73, 21.72) },
];

function on(cifar10: number | null, cifar100: number | null): Cifar {
  return { cifar10, cifar100 };
}

function table2(
  architecture: string,
  budget: number,
  method: string,
  models: number,
  errorPct: Cifar,
  outputCorrelation = on(null, null),
): Table2Row {
  return { architecture, budget, method, models, errorPct, outputCorrelation };
}

function table3(
  method: string,
  models: number,
  budget: number,
  errorPct: Cifar,
  parameterDistance = on(null, null),
  outputCorrelation = on(null, null),
): Table3Row {
  return { method, models, budget, errorPct, parameterDistance, outputCorrelation };
}
