import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { exportArguments } from '../../src/inference/export';
import { predictArguments } from '../../src/inference/predict';
import type { LINES, Line } from '../../src/tracking/lines';
import { trackArguments } from '../../src/tracking/tracker';
import { tinyConfig } from '../builders';
import { runPython } from '../python';
import { aMember, anEnsemble, aResult } from '../store/a-result';
import type { Schema } from './fields';

const schema = z.custom<Schema>((value) => typeof value === 'object' && value !== null);
const operations = z.record(
  z.string(),
  z.strictObject({
    request: schema,
    result: schema,
    takes: z.record(z.string(), z.string()),
    gives: z.record(z.string(), z.string()),
  }),
);
const reads = z.record(
  z.string(),
  z.strictObject({ types: z.array(z.string()), optional: z.boolean().default(false) }),
);
const pythonSide = z.strictObject({
  wire: z.strictObject({
    version: z.int(),
    limits: z.record(z.string(), z.int()),
    reply: schema,
    work: operations,
    control: operations,
  }),
  pythonia: z.record(z.string(), schema),
  pool: z.strictObject({ lineBytes: z.int(), asked: schema, said: schema, announcement: schema }),
  commands: z.record(
    z.string(),
    z.strictObject({
      parsed: z.record(z.string(), z.unknown()),
      /** With their choices, where they have some. */
      options: z.record(z.string(), z.array(z.string()).nullable()),
    }),
  ),
  said: z.record(z.string(), schema),
  documents: reads,
  lines: reads,
  places: z.array(z.array(z.string())),
  rules: z.array(z.string()),
  votes: z.array(z.array(z.number())),
});
export type PythonSide = z.infer<typeof pythonSide>;

/** Command lines that state all that they can. */
export const COMMANDS = {
  predict: predictArguments('/run', {
    ...{
      ensemble: 'tier-0-1',
      member: 'tier0',
      calibrated: true,
      trustCode: true,
      inputs: ['/a.png', '/b.png'],
      out: '/out.csv',
    },
    ...{ batch: 7, device: 'cuda:1', resize: true },
  }),
  predictLeast: predictArguments('/run', { inputs: ['/a.png'], out: '/out.csv' }),
  export: exportArguments('/run', {
    to: 'onnx',
    out: '/out',
    ensemble: 'e',
    member: 'm',
    calibrated: true,
    trustCode: true,
  }),
  track: trackArguments({ kind: 'mlflow', place: 'http://localhost:5000' }),
};

/** Paths of a configuration: stated in a folder for a run there, which lies in another directory now. */
export const PLACED = [
  { stated: 'net.py', folder: '/home/me/project', before: '/home/me/project/runs/a', run: '/moved/runs/a' },
  { stated: './models/../net.py', folder: '/home/me', before: '/scratch/a', run: '/scratch/a' },
  { stated: '/home/me/project/net.py', folder: '/home/me', before: '/home/me/project/a', run: '/copy/a' },
  { stated: '.', folder: '/home/me/project', before: '/home/me/project/a', run: 'a' },
  { stated: '../net.py', folder: '/home/me/project/', before: '/a', run: '/b/' },
];

/** A tracker line of each kind. */
export const TOLD: { readonly [K in keyof typeof LINES]: Line & z.infer<(typeof LINES)[K]> } = {
  begin: { name: 'first', parameters: { seed: '0' }, run: 'a', resumed: true },
  scalars: { series: 'tier0', tag: 'descent/loss', steps: [0, 1], values: [0.5, null] },
  text: { text: 'members', markdown: '| name |' },
  artifact: { artifact: '/run/trace.csv', folder: 'traces' },
  end: { end: 'finished' },
};

/** Votes of three networks over two samples of three classes; `ahead` is the class that wins each sample. */
export const VOTES = [
  {
    what: 'a majority',
    of: [
      [6, 3, 1, 7, 2, 1],
      [5, 4, 1, 1, 1, 8],
      [1, 8, 1, 6, 2, 2],
    ],
    weights: [1, 1, 1],
    ahead: [0, 0],
  },
  {
    what: 'three ways',
    of: [
      [6, 3, 1, 5, 3, 2],
      [1, 8, 1, 3, 6, 1],
      [2, 2, 6, 1, 1, 8],
    ],
    weights: [1, 1, 1],
    ahead: [1, 2],
  },
  {
    what: 'two parts against one',
    of: [
      [5, 3, 2, 9, 1, 0],
      [1, 8, 1, 2, 2, 6],
      [1, 7, 2, 1, 3, 6],
    ],
    weights: [2, 1, 1],
    ahead: [1, 0],
  },
  {
    what: 'a weight',
    of: [
      [9, 1, 0, 0, 9, 1],
      [0, 1, 9, 9, 0, 1],
      [0, 0, 10, 10, 0, 0],
    ],
    weights: [3, 1, 1],
    ahead: [0, 1],
  },
].map(({ of, ...vote }) => ({
  ...{ ...vote, classes: 3, rule: 'majorityVote' as const },
  members: of.map((tenths) => tenths.map((tenth) => tenth / 10)),
}));

/** Starts Python once and hands it all that TypeScript makes for it. @param directory where a run may be written */
export function askPythonSide(directory: string): PythonSide {
  writeRun(directory);
  const given = { commands: COMMANDS, lines: TOLD, votes: VOTES, places: PLACED, run: directory };
  return pythonSide.parse(runPython(['test/seams/seams.py'], JSON.stringify(given)));
}

function writeRun(directory: string): void {
  const data = JSON.stringify({
    ...{ schema: 1, dataset: 'own', shape: [2], dtype: 'float64', classes: [], columns: ['a', 'b'], white: null },
    ...{ mean: [0, 1], std: [1, 2], target: { mean: 3, std: 4 } },
    table: { delimiter: ';', target: 2, unused: [0] },
  });
  const named = { name: 'tier0', file: 'members/tier0.safetensors', sha256: '0'.repeat(64) };
  const weighted = anEnsemble({ rule: 'validationWeighted', weights: [1], testErrorPct: null, testRmse: 0.5 });
  const result = aResult({
    dataSha256: createHash('sha256').update(data).digest('hex'),
    members: [aMember(named)],
    ensembles: [anEnsemble(), weighted],
  });
  fs.writeFileSync(path.join(directory, 'data.json'), data);
  fs.writeFileSync(path.join(directory, 'result.json'), JSON.stringify(result));
  fs.writeFileSync(path.join(directory, 'config.json'), JSON.stringify(tinyConfig()));
}
