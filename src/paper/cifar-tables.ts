import { join, relative } from 'node:path';
import type { RunOutcome } from '../comparison/compare';
import { paperCsv, paperTable } from '../report/paper-table';
import { markdownTable, terminalTable } from '../report/render';
import { wrapped } from '../report/wrap';
import { holding } from '../store/disk/lock';
import { PAPER_MEASURES, type ReproducedRow, type ReproducedTable, reproductionJson } from '../store/reproduction';
import { SLIPS } from './misprints';
import { SOURCES } from './peers';
import { type Claim, type ReproduceDataset, type ReproduceRequest, type Reproduction, verdictOf } from './reproduction';
import { measuredRow } from './runs/measured-row';
import { runWanted, type WantedRun } from './runs/wanted-runs';
import { claimsOf } from './table-claims';
import { ARCHITECTURES, rowsOf, type TableName, type TableRow } from './table-rows';
import { networksOf, runName, scaleOf, tablePlanOf } from './table-runs';
import { DEPENDS_ON } from './tables';

const CIFAR = ['cifar10', 'cifar100', 'cifar10-sample'] as const;

/** Tables of the paper, with the paper's networks or, on digits, with a small one of our own. */
export const cifarTables: readonly Reproduction[] = [
  table('table1', CIFAR, 'error and loss of the ensembles of two tiers, with DenseNet-100 on CIFAR'),
  table('table2', [...CIFAR, 'digits'], 'DSP-TT, SSE, FGE, SWA, random jumps and one network, with three networks'),
  table('table3', [...CIFAR, 'digits'], 'the same with ResNet-164 in detail, six whole budgets among them'),
  table('table4', [...CIFAR, 'digits'], "the single networks of table 3's fully trained ensemble"),
];

function table(name: TableName, datasets: readonly ReproduceDataset[], shows: string): Reproduction {
  return {
    name,
    shows,
    datasets,
    takes: ['dataDir', 'seeds', 'architectures', 'atOnce'],
    scale: 'reduced',
    resumes: true,
    make: async (request) => {
      const made = await makeTable(name, request);
      const notes = notesOf(made);
      const said = [...notes, ...made.claims.map((claim) => verdictOf([claim]))].map((line) => `- ${line}`);
      return {
        figures: [],
        files: {
          [`${name}.json`]: reproductionJson(made),
          [`${name}.csv`]: paperCsv(made),
          [`${name}.md`]: `${markdownTable(paperTable(made))}\n\n${said.join('\n')}\n`,
        },
        table: [terminalTable(paperTable(made)), ...notes.map((note) => wrapped(note))].join('\n'),
        claims: made.claims,
      };
    },
  };
}

async function makeTable(name: TableName, request: ReproduceRequest): Promise<ReproducedTable> {
  const { dataset, out, atOnce, startSession, signal, onPart } = request;
  const scale = scaleOf(request);
  const seeds = request.seeds ?? [0];
  const rows = rowsOf(name, networksOf(name, request));
  const plan = tablePlanOf(rows, seeds, request);
  const onRun = ({ directory, config }: WantedRun) =>
    onPart(`${relative(join(out, 'runs'), directory)} (${config.method})`);
  const wanted = [...plan.values()];
  const outcomes = await holding(out, () => runWanted(wanted, { atOnce, startSession, signal, onRun }));
  const byDirectory = new Map(outcomes.map((outcome) => [outcome.directory, outcome]));
  const measured = rows.map((row) => {
    const own = seeds.flatMap((seed) => byDirectory.get(plan.get(runName(row, dataset, seed))?.directory ?? '') ?? []);
    return reproducedRow(row, own, request);
  });
  const claims: Claim[] = claimsOf(name, measured);
  return { schema: 1, table: name, dataset, scale, seeds: [...seeds], rows: measured, claims };
}

/**
 * Builds a row with the numbers of the paper and the peers for the data set: none for digits, CIFAR-10's for its
 * excerpt.
 */
function reproducedRow(
  row: TableRow,
  outcomes: readonly RunOutcome[],
  { dataset, out }: ReproduceRequest,
): ReproducedRow {
  const { name, label, architecture, contestant, shows, paper, peers } = row;
  const measured = measuredRow(shows, outcomes, (directory) => relative(out, directory));
  const about = { name, label, method: contestant.method, ...measured };
  if (dataset === 'digits') return { ...about, network: 'conv', paper: null, peers: [] };
  const split = dataset === 'cifar100' ? 'cifar100' : 'cifar10';
  const values = {
    testErrorPct: paper?.testErrorPct[split] ?? null,
    testLoss: paper?.testLoss?.[split] ?? null,
    outputCorrelation: paper?.outputCorrelation?.[split] ?? null,
    parameterDistance: paper?.parameterDistance?.[split] ?? null,
  };
  return {
    ...about,
    network: ARCHITECTURES[architecture].title,
    paper: paper && { place: paper.place, models: paper.models, values },
    peers: peers.flatMap(({ source, budgets, epochs, models, errorPct, spread }) => {
      const testErrorPct = errorPct[split];
      return testErrorPct === null ? [] : [{ source, budgets, epochs, models, testErrorPct, spread: spread[split] }];
    }),
  };
}

/** Returns the notes that are needed to read the table. */
function notesOf({ table, dataset, scale, rows, seeds }: ReproducedTable): string[] {
  const sources = new Set(rows.flatMap(({ peers }) => peers.map(({ source }) => source)));
  const isPrinted = rows.some(
    ({ paper }) => paper !== null && PAPER_MEASURES.some((measure) => paper.values[measure] !== null),
  );
  const failed = rows.flatMap(({ label, failures }) =>
    failures.map(({ seed, message }) => `${label} (seed ${seed}) failed: ${message}`),
  );
  const measured = `Data ${dataset}, ${scale === null ? 'a network of our own' : `scale ${scale}`}, seeds ${seeds.join(', ')}; means ± standard errors over seeds; barriers in nats, over all pairs of members.`;
  const other = scale === 'full' && dataset !== 'cifar10-sample' ? [] : [SMALLER];
  const printed = isPrinted
    ? [
        `Paper: ${DEPENDS_ON[table]}.`,
        ...Object.entries(SOURCES).flatMap(([key, says]) => (sources.has(key) ? [`Peers, ${key}: ${says}.`] : [])),
      ]
    : [];
  const slips = isPrinted ? SLIPS.filter(({ tables }) => tables.includes(table)) : [];
  const said = slips.map(({ place, says }) => `Mind (${place}): ${says}.`);
  return [measured, ...(isPrinted ? other : []), ...printed, ...said, ...failed];
}

const SMALLER =
  "These runs are smaller than the paper's, so only orders and signs can be compared with it, not numbers.";
