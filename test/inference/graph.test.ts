import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DataError, UsageError } from '../../src/errors';
import { loadEnsemble } from '../../src/inference/load-ensemble';
import { failureOf, temporaryDirectory } from '../builders';

const directory = temporaryDirectory();
const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
const GRAPH = {
  format: 'dsptt-onnx',
  schema: 1,
  file: 'ensemble.onnx',
  sha256: sha256('no graph'),
  ensemble: 'tier-0-1',
  members: ['tier0'],
  rule: 'meanSoftmax',
  data: {
    schema: 1,
    dataset: 'digits',
    shape: [1, 8, 8],
    dtype: 'float32',
    classes: ['0', '1'],
    columns: [],
    white: 16,
    mean: [4.8],
    std: [6],
    target: null,
  },
};

async function failure(content: string): Promise<Error> {
  fs.writeFileSync(path.join(directory, 'ensemble.json'), content);
  const error = await failureOf(loadEnsemble(directory));
  expect(error).toBeInstanceOf(DataError);
  return error;
}

it('an ensemble without a temperature cannot be calibrated', async () => {
  fs.writeFileSync(path.join(directory, 'ensemble.json'), JSON.stringify(GRAPH));
  const error = await failureOf(loadEnsemble(directory, { calibrated: true }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toMatch(
    /states no temperature of tier-0-1: a run fits one to the probabilities of an ensemble/,
  );
});

describe('a folder that no ensemble can be loaded from', () => {
  it('is none, and it is said how to make one', async () => {
    const error = await failureOf(loadEnsemble(path.join(directory, 'nothing')));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(
      /nothing holds no exported ensemble .*: make one by `npx --no dsptt export RUN --to onnx`$/,
    );
  });

  it.each([
    ['no JSON', '{', /holds no exported ensemble/],
    [
      'of a newer schema',
      JSON.stringify({ ...GRAPH, schema: 2 }),
      /ensemble\.json is of schema 2: install a newer dsptt/,
    ],
    ['without members', JSON.stringify({ ...GRAPH, members: [] }), /ensemble\.json is damaged: members: /],
    ['with a file elsewhere', JSON.stringify({ ...GRAPH, file: '../x.onnx' }), /is damaged: file: /],
    ['of another format', JSON.stringify({ ...GRAPH, format: 'other' }), /is damaged: format: /],
  ])('is %s', async (_, content, message) => {
    expect((await failure(content)).message).toMatch(message);
  });

  it('has no graph, a damaged one, or one that is none', async () => {
    const again = 'export the ensemble again$';
    expect((await failure(JSON.stringify(GRAPH))).message).toMatch(
      new RegExp(`cannot read the graph .*ENOENT.*${again}`),
    );
    fs.writeFileSync(path.join(directory, 'ensemble.onnx'), 'nO graph');
    expect((await failure(JSON.stringify(GRAPH))).message).toMatch(
      new RegExp(`ensemble\\.onnx is damaged, its sha256 .*${again}`),
    );
    fs.writeFileSync(path.join(directory, 'ensemble.onnx'), 'no graph');
    expect((await failure(JSON.stringify(GRAPH))).message).toMatch(/cannot run the graph .*ensemble\.onnx: /);
  });
});
