import { resolve } from 'node:path';
import type { z } from 'zod';
import { announcementSchema } from '../../src/bridge/placed/placed-worker';
import { askedOfPool, MAX_LINE_BYTES, saidByPool } from '../../src/bridge/placed/pool-words';
import { ANSWERS, hostRequest } from '../../src/bridge/pythonia/host';
import { DTYPES, LIMITS } from '../../src/bridge/wire/operation';
import { CONTROL, PROTOCOL_VERSION, WORK } from '../../src/bridge/wire/protocol';
import { replyError, replyHeader } from '../../src/bridge/wire/reply';
import { argmax, combine, RULES } from '../../src/ensemble/combine';
import { exported, MODEL_FORMATS } from '../../src/inference/export';
import { predicted } from '../../src/inference/predict';
import { placesOf } from '../../src/store/made-in';
import { resultSchema } from '../../src/store/result';
import { storedConfigSchema } from '../../src/store/run-directory';
import { samplesSchema } from '../../src/store/samples';
import { LINES } from '../../src/tracking/lines';
import { TRACKERS } from '../../src/tracking/target';
import { temporaryDirectory } from '../builders';
import { type Field, fieldsOf, fieldsOfZod } from './fields';
import { askPythonSide, COMMANDS, PLACED, type PythonSide, VOTES } from './python-side';

const OURS = { work: WORK, control: CONTROL };
/** Every request has them; the codec writes them. */
const HEADER = /^\.(op|id|sender|tensors)\b/;
/** Python fills these in where a client leaves them out, which ours never does. */
const FILLED_IN = [
  '.dataset.args',
  '.dataset.dir',
  '.model.name',
  '.model.args',
  '.model.python',
  '.model.weights',
  ...['.trainingLoss.python', '.trainingLoss.args', '.trainingLoss.modules'],
];
/** Answers in older journals lack them; workers of this version always give them. */
const LATER = ['.samplesSha256', '.code', '.lossCode', '.weightsSha256'];
const TYPES: Readonly<Record<string, string>> = {
  ...{ str: 'string', bool: 'boolean', dict: 'object', list: 'array' },
  ...{ int: 'integer', float: 'number', NoneType: 'null' },
};

type Fields = Readonly<Record<string, Field>>;
const without = (fields: Fields, left: RegExp) =>
  Object.fromEntries(Object.entries(fields).filter(([at]) => !left.test(at)));

/** What a reader must be ready for at each place: a type, or nothing. */
const toBeRead = (file: string, schema: z.ZodType) =>
  Object.entries(fieldsOfZod(schema)).map(([at, { type, nullable, optional }]) => {
    return [`${file}${at}`, { type, missing: nullable || optional }] as const;
  });

/** The same of what Python reads. */
const read = (reads: PythonSide['documents']) =>
  Object.entries(reads).map(([at, { types, optional }]) => {
    const kinds = types.map((type) => TYPES[type]).filter((type) => type !== 'null');
    const type = kinds.includes('number') ? 'number' : kinds.join();
    return [
      at.replace('.parameters.seed', '.parameters{}'),
      { type, missing: optional || types.includes('NoneType') },
    ] as const;
  });

describe('TypeScript and Python agree', () => {
  const directory = temporaryDirectory();
  let python: PythonSide;
  beforeAll(() => {
    python = askPythonSide(directory);
  });

  it('on the version and the limits of the wire', () => {
    expect(python.wire.version).toBe(PROTOCOL_VERSION);
    expect(python.wire.limits).toEqual(LIMITS);
  });

  it.each(['work', 'control'] as const)('on the operations of the %s socket', (sort) => {
    expect(Object.keys(python.wire[sort]).sort()).toEqual(Object.keys(OURS[sort]).sort());
  });

  it.each(Object.entries({ ...WORK, ...CONTROL }))('on the types and tensors of %s', (op, ours) => {
    const theirs = { ...python.wire.work, ...python.wire.control }[op];
    const request = Object.entries(fieldsOfZod(ours.request)).map(([at, field]) => {
      return [at, { ...field, optional: field.optional || (op === 'open' && FILLED_IN.includes(at)) }];
    });
    expect(without(fieldsOf(theirs.request), HEADER)).toEqual(Object.fromEntries(request));
    const result = Object.entries(fieldsOfZod(ours.result)).map(([at, field]) => {
      return [at, { ...field, optional: field.optional && !(op === 'open' && LATER.includes(at)) }];
    });
    expect(fieldsOf(theirs.result)).toEqual(Object.fromEntries(result));
    expect([theirs.takes, theirs.gives]).toEqual([ours.takes, ours.gives]);
  });

  it('on the frame of an answer, its error codes and element types', () => {
    const result = /^<ok>\.result/; // of each operation, above
    expect(without(fieldsOf(python.wire.reply), result)).toEqual(without(fieldsOfZod(replyHeader), result));
    expect(fieldsOfZod(replyHeader)['<ok>.tensors[].dtype'].bounds.enum).toEqual(Object.keys(DTYPES).sort());
  });

  it('on what a factory asks through pythonia, and on the answers', () => {
    const { requests, error, ...answers } = python.pythonia;
    expect(fieldsOf(requests)).toEqual(fieldsOfZod(hostRequest));
    expect(fieldsOf(error)).toEqual(fieldsOfZod(replyError));
    expect(Object.keys(answers).sort()).toEqual(Object.keys(ANSWERS).sort());
    for (const [name, answer] of Object.entries(ANSWERS)) expect(fieldsOf(answers[name])).toEqual(fieldsOfZod(answer));
  });

  it('on the words of a pool of workers, and on what a worker says of its place', () => {
    const { lineBytes, asked, said, announcement } = python.pool;
    const types = (fields: Fields) =>
      Object.fromEntries(
        Object.entries(fields).map(([at, { bounds, ...field }]) => [at, { ...field, values: bounds.enum }]),
      );
    expect(lineBytes).toBe(MAX_LINE_BYTES);
    expect(types(fieldsOf(asked))).toEqual(types(fieldsOfZod(askedOfPool)));
    expect(types(fieldsOf(said))).toEqual(types(fieldsOfZod(saidByPool)));
    expect(types(fieldsOf(announcement))).toEqual(types(fieldsOfZod(announcementSchema)));
  });

  it('on the command lines of python -m dsptt', () => {
    const { predict, predictLeast, export: exporting, track } = python.commands;
    const chosen = { run: '/run', calibrated: true, trust_code: true, for_node: false };
    expect(predict.parsed).toEqual({
      ...{ ...chosen, command: 'predict', ensemble: 'tier-0-1', member: 'tier0', input: ['/a.png', '/b.png'] },
      ...{ out: '/out.csv', batch: 7, device: 'cuda:1', resize: true },
    });
    expect(predictLeast.parsed).toMatchObject({ ensemble: null, member: null, trust_code: false, resize: false });
    expect(exporting.parsed).toEqual({
      ...chosen,
      command: 'export',
      to: 'onnx',
      out: '/out',
      ensemble: 'e',
      member: 'm',
    });
    expect(track.parsed).toMatchObject({ command: 'track', to: 'mlflow', place: 'http://localhost:5000' });
    expect(exporting.options).toMatchObject({ '--to': [...MODEL_FORMATS] });
    expect(track.options).toMatchObject({ '--to': [...TRACKERS] });
  });

  it.each(['predict', 'export', 'track'] as const)('on every option of python -m dsptt %s', (command) => {
    const stated = COMMANDS[command].filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
    expect([...stated, '-h', '--help'].sort()).toEqual(Object.keys(python.commands[command].options).sort());
  });

  it('on what python -m dsptt answers', () => {
    const types = (fields: Fields) =>
      Object.entries(fields).map(([at, { type, optional }]) => [at, { type, optional }]);
    for (const [name, schema] of [
      ['predict', predicted],
      ['export', exported],
    ] as const) {
      expect(types(fieldsOf(python.said[name])).sort()).toEqual(types(fieldsOfZod(schema)).sort());
    }
  });

  it('on the files of a run that load_ensemble and the model card read', () => {
    const written = new Map([
      ...toBeRead('config.json', storedConfigSchema),
      ...toBeRead('result.json', resultSchema),
      ...toBeRead('data.json', samplesSchema),
    ]).set('result.json.members[].sha256', { type: 'string', missing: false }); // null only where there is no file
    const theirs = read(python.documents);
    expect(theirs.map(([at]) => at)).toEqual(
      expect.arrayContaining(['config.json.model', 'result.json.members[].sha256', 'data.json.target.std']),
    );
    expect(Object.fromEntries(theirs)).toEqual(Object.fromEntries(theirs.map(([at]) => [at, written.get(at)])));
  });

  it('on every field of the lines for a tracker', () => {
    const written = Object.entries(LINES).flatMap(([name, line]) => toBeRead(name, line));
    expect(Object.fromEntries(read(python.lines))).toEqual(
      Object.fromEntries(written.filter(([at]) => at.includes('.'))),
    );
  });

  it.each(PLACED.map((placed, place) => ({ ...placed, place })))(
    'on the places of $stated of a run in $run',
    ({ stated, folder, before, run, place }) => {
      expect(placesOf(stated, resolve(run), { folder, run: before })).toEqual(python.places[place]);
    },
  );

  it('on the rules of an ensemble', () => {
    expect([...python.rules].sort()).toEqual([...RULES].sort());
  });

  it.each(VOTES.map((vote, place) => ({ ...vote, place })))(
    'on the winners of a vote: $what',
    ({ place, members, classes, rule, weights, ahead }) => {
      const ours = combine(
        members.map((one) => Float32Array.from(one)),
        classes,
        rule,
        weights,
      );
      const theirs = Float64Array.from(python.votes[place]);
      const winners = (shares: Float64Array) => ahead.map((_, row) => argmax(shares, row * classes, classes));
      expect([winners(ours), winners(theirs)]).toEqual([ahead, ahead]);
    },
  );
});
