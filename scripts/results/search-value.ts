/**
 * Measures what the calibrated search adds over a random jump of the same length, and which settings give members with
 * a barrier between them: `ts-node -T scripts/results/search-value.ts run FILE.jsonl` runs digits with seeds 0 to 5,
 * and `... report FILE.jsonl` prints the tables of docs/results/search-value.md as Markdown. `--quick` tries it in
 * seconds: a few steps of each, with one seed.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigInput, type Result, resolveConfig, Session } from '../../src';
import { meanAndError } from '../../src/comparison/statistics';
import { SMOKE } from '../../src/config/presets/scales';
import { meanWithError } from '../../src/report/format';
import { resultEnsemble } from '../../src/store/result';
import { numbersIn, readTrace } from '../../src/store/trace';
import { descentTrace, TIER0 } from '../../src/trust-tech/names';
import { readWords } from './words';

const SEEDS = [0, 1, 2, 3, 4, 5];
const LENGTHS = [1, 1.5, 2, 3];
/** Training losses to be reached, and the decay of the average of batch losses that must reach them. */
const LEVELS = [0.3, 0.1];
const DECAY = 0.9;
const BARRIER = 0.01;

/** Settings of equal length for both methods: the increment keeps the number of steps up to rhoMax. */
const SETTINGS: readonly { title: string; config: ConfigInput }[] = LENGTHS.flatMap((max) => {
  const dspTt = { rho1: { max, increment: max / 100 } };
  return [
    { title: `DSP-TT, rhoMax ${max}`, config: { method: 'dsp-tt', dspTt } },
    { title: `random jump of length ${max}`, config: { method: 'random-jump', dspTt } },
  ];
});
const MORE: readonly { title: string; config: ConfigInput }[] = [
  {
    title: 'DSP-TT, rhoMax 1, exits verified by a barrier of 0.01',
    config: { method: 'dsp-tt', dspTt: { verify: 'barrier', verifyStretch: 0.5 } },
  },
  { title: 'DSP-TT, rhoMax 1, members averaged', config: { method: 'dsp-tt', dspTt: { averageMembers: true } } },
];

interface Row {
  readonly title: string;
  readonly seed: number;
  readonly testErrorPct: number;
  readonly testLoss: number;
  readonly memberErrorPct: number;
  readonly exits: number;
  readonly searchSteps: number;
  readonly steps: number;
  readonly correlation: number | null;
  /** Barriers to tier 0, one a member, and between members, one a pair. */
  readonly toParent: readonly number[];
  readonly between: readonly number[];
  /** Steps of each member's descent until its averaged training loss reached each level; null if it never did. */
  readonly reached: readonly (readonly (number | null)[])[];
}

async function run(file: string, quick: boolean): Promise<void> {
  const rows: string[] = [];
  const session = await Session.start();
  const folder = mkdtempSync(join(tmpdir(), 'value-'));
  try {
    for (const { title, config } of [...SETTINGS, ...MORE]) {
      for (const seed of quick ? SEEDS.slice(0, 1) : SEEDS) {
        const out = join(folder, String(rows.length));
        const layers = [{ preset: 'digits', pairBarriers: true }, { ...config, seed }, quick ? SMOKE : {}];
        const resolved = resolveConfig(layers.map((values) => ({ from: 'search-value.ts', values })));
        const result = await session.run(resolved, { out });
        rows.push(JSON.stringify(await rowOf(title, seed, result, out)));
      }
      writeFileSync(file, `${rows.join('\n')}\n`);
      console.error(`${rows.length} runs: ${title}`);
    }
  } finally {
    await session.close();
    rmSync(folder, { recursive: true });
  }
}

async function rowOf(title: string, seed: number, result: Result, out: string): Promise<Row> {
  const ensemble = resultEnsemble(result);
  const members = result.members.filter(({ tier, state }) => tier === 1 && state === 'trained');
  const { names, barrier } = result.pairs;
  const between = names.flatMap((a, i) =>
    names.slice(0, i).flatMap((b, j) => (a === TIER0 || b === TIER0 ? [] : (barrier?.[i][j] ?? []))),
  );
  const reached: (number | null)[][] = [];
  for (const { name } of members) {
    const loss = numbersIn(await readTrace(out, descentTrace(name)), 'loss');
    reached.push(LEVELS.map((level) => firstBelow(loss, level)));
  }
  const errors = members.flatMap(({ testErrorPct }) => testErrorPct ?? []);
  return {
    title,
    seed,
    testErrorPct: ensemble.testErrorPct ?? Number.NaN,
    testLoss: ensemble.testLoss ?? Number.NaN,
    memberErrorPct: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    exits: members.length,
    searchSteps: result.budget.search,
    steps: result.budget.steps,
    correlation: ensemble.outputCorrelation,
    toParent: members.flatMap(({ barrierToParent }) => barrierToParent ?? []),
    between,
    reached,
  };
}

/**
 * Returns the step after which the bias-corrected average of the losses is first at most `level`; null if there is
 * none.
 */
function firstBelow(loss: Float64Array, level: number): number | null {
  let average = 0;
  for (const [step, value] of loss.entries()) {
    average = DECAY * average + (1 - DECAY) * value;
    if (average / (1 - DECAY ** (step + 1)) <= level) return step + 1;
  }
  return null;
}

function report(file: string): void {
  const rows: Row[] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const head = [
    'setting',
    'exits a seed',
    'steps (search)',
    'test error %',
    'test loss',
    "members' error %",
    'output corr.',
    ...LEVELS.map((level) => `descent steps to training loss ${level} (never)`),
    'barrier to tier 0: mean, largest',
    'barrier between members: mean, largest',
    `pairs of members with a barrier of ${BARRIER}`,
  ];
  const line = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
  line(head);
  line(head.map(() => '---'));
  for (const title of new Set(rows.map((row) => row.title))) line(cellsOf(title, rows));
}

function cellsOf(title: string, all: readonly Row[]): (string | number)[] {
  const rows = all.filter((row) => row.title === title);
  const cell = (pick: (row: Row) => number | null, digits: number) =>
    meanWithError(meanAndError(rows.map(pick).map((value) => (Number.isFinite(value) ? value : null))), digits);
  const steps = LEVELS.map((_, k) => {
    const members = rows.flatMap(({ reached }) => reached.map((levels) => levels[k]));
    const never = members.filter((step) => step === null).length;
    return `${meanWithError(meanAndError(members), 0)} (${never})`;
  });
  const between = rows.flatMap((row) => row.between);
  return [
    title,
    cell(({ exits }) => exits, 1),
    `${cell((row) => row.steps, 0)} (${cell(({ searchSteps }) => searchSteps, 0)})`,
    cell(({ testErrorPct }) => testErrorPct, 2),
    cell(({ testLoss }) => testLoss, 4),
    cell(({ memberErrorPct }) => memberErrorPct, 2),
    cell(({ correlation }) => correlation, 4),
    ...steps,
    barriers(rows.flatMap(({ toParent }) => toParent)),
    barriers(between),
    between.length === 0
      ? '-'
      : `${Math.round((100 * between.filter((height) => height >= BARRIER).length) / between.length)} %`,
  ];
}

function barriers(heights: readonly number[]): string {
  if (heights.length === 0) return '-';
  const mean = heights.reduce((sum, height) => sum + height, 0) / heights.length;
  return `${mean.toFixed(4)}, ${Math.max(...heights).toFixed(4)}`;
}

const {
  words: [command, file],
  quick,
} = readWords();
if (command === 'run' && file) run(file, quick);
else if (command === 'report' && file) report(file);
else throw new Error('say: run FILE.jsonl, or report FILE.jsonl');
