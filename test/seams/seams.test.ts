import { CONTROL, DTYPES, LIMITS, PROTOCOL_VERSION, WORK } from '../../src/bridge/wire/protocol';

import { replyHeader } from '../../src/bridge/wire/reply';

import { type Field, fieldsOf, fieldsOfZod } from './fields';
import { askPythonSide, type PythonSide } from './python-side';

const OURS = { work: WORK, control: CONTROL };
/** Every request has them; the codec writes them. */
const HEADER = /^\.(op|id|sender|tensors)\b/;
/** Python fills these in where a client leaves them out, which ours never does. */
const FILLED_IN = ['.dataset.args', '.dataset.dir', '.model.name', '.model.args', '.model.python', '.model.weights'];

type Fields = Readonly<Record<string, Field>>;
const without = (fields: Fields, left: RegExp) =>
  Object.fromEntries(Object.entries(fields).filter(([at]) => !left.test(at)));

describe('TypeScript and Python agree', () => {
  let python: PythonSide;
  beforeAll(() => {
    python = askPythonSide();
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
    expect(fieldsOf(theirs.result)).toEqual(fieldsOfZod(ours.result));
    expect([theirs.takes, theirs.gives]).toEqual([ours.takes, ours.gives]);
  });

  it('on the frame of an answer, its error codes and element types', () => {
    const result = /^<ok>\.result/; // of each operation, above
    expect(without(fieldsOf(python.wire.reply), result)).toEqual(without(fieldsOfZod(replyHeader), result));
    expect(fieldsOfZod(replyHeader)['<ok>.tensors[].dtype'].bounds.enum).toEqual(Object.keys(DTYPES).sort());
  });
});
