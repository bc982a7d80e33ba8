import fs from 'node:fs';
import path from 'node:path';
import { decode } from '@msgpack/msgpack';
import { z } from 'zod';
import { decoded, fuzzReplies } from '../../scripts/faults/replies';
import { encodeFailure, REPLIES } from '../../scripts/faults/samples';
import { WORK } from '../../src/bridge/wire/protocol';

const SEED = 20261125;
const CORPUS = path.join(__dirname, 'corpus');

it('a good reply of every operation is accepted', () => {
  for (const { op, frames } of REPLIES) expect([op, decoded(frames, op)]).toEqual([op, 'accepted']);
  expect(decoded(encodeFailure(1, 'worker'), 'probe')).toBe('accepted');
  expect(REPLIES.map(({ op }) => op)).toEqual(expect.arrayContaining(Object.keys(WORK)));
});

it(`hostile replies are decoded or are a ProtocolError: 20,000 of seed ${SEED}`, () => {
  const { inputs, accepted, refused, findings } = fuzzReplies(20_000, SEED);
  expect(findings).toEqual([]);
  expect(accepted + refused).toBe(inputs);
  expect(accepted).toBeGreaterThan(500); // else nothing reaches the last checks
  expect(refused).toBeGreaterThan(10_000);
});

it.each(fs.readdirSync(CORPUS))('the reply %s, which once did harm or could, is refused', (name) => {
  const frames = z.array(z.instanceof(Uint8Array)).parse(decode(fs.readFileSync(path.join(CORPUS, name))));
  const [op] = name.split('.');
  const known = z.enum(REPLIES.map((reply) => reply.op)).parse(op);
  expect(decoded(frames, known)).toBe('refused');
});
