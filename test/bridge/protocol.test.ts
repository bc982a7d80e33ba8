import { z } from 'zod';
import { CONTROL, DTYPES, LIMITS, PROTOCOL_VERSION, WORK } from '../../src/bridge/protocol';
import { ERROR_CODES } from '../../src/bridge/reply';
import { runPython } from '../python';

const tensors = z.record(z.string(), z.string());
const operation = z.strictObject({
  request: z.array(z.string()),
  result: z.array(z.string()),
  takes: tensors,
  gives: tensors,
});
const description = z.strictObject({
  version: z.number(),
  limits: z.record(z.string(), z.number()),
  errorCodes: z.array(z.string()),
  dtypes: z.array(z.string()),
  work: z.record(z.string(), operation),
  control: z.record(z.string(), operation),
});

/** An object's fields; those of an object within it as `field.inner`. */
const fields = ({ shape }: z.ZodObject): string[] =>
  Object.entries(shape).flatMap(([field, inner]) =>
    inner instanceof z.ZodObject ? fields(inner).map((name) => `${field}.${name}`) : [field],
  );

const OURS = { work: WORK, control: CONTROL };
const described = (sort: 'work' | 'control') =>
  Object.fromEntries(
    Object.entries(OURS[sort]).map(([op, { request, result, takes, gives }]) => [
      op,
      { request: fields(request).sort(), result: fields(result).sort(), takes, gives },
    ]),
  );

describe('the two halves of the protocol', () => {
  let theirs: z.infer<typeof description>;
  beforeAll(() => {
    theirs = description.parse(runPython(['-m', 'dsptt_worker', '--describe']));
  });

  it('have the same version', () => {
    expect(theirs.version).toBe(PROTOCOL_VERSION);
  });

  it('have the same limits', () => {
    expect(theirs.limits).toEqual(LIMITS);
  });

  it('have the same error codes and element types', () => {
    expect(theirs.errorCodes).toEqual([...ERROR_CODES]);
    expect(theirs.dtypes).toEqual(Object.keys(DTYPES));
  });

  it.each(['work', 'control'] as const)('know the same operations on the %s socket', (sort) => {
    expect(Object.keys(theirs[sort]).sort()).toEqual(Object.keys(OURS[sort]).sort());
  });

  it.each([...Object.keys(WORK), ...Object.keys(CONTROL)])('agree on the fields and tensors of %s', (op) => {
    const sort = op in WORK ? 'work' : 'control';
    expect(theirs[sort][op]).toEqual(described(sort)[op]);
  });
});
