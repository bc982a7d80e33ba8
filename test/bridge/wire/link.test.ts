import path from 'node:path';
import { decode } from '@msgpack/msgpack';
import { Router } from 'zeromq';
import { z } from 'zod';
import { encodeAnswer } from '../../../scripts/faults/samples';
import { Link, workerError } from '../../../src/bridge/wire/link';
import { DataError } from '../../../src/errors';
import { temporaryDirectory } from '../../builders';

const header = z.object({ id: z.int(), op: z.string() });

describe('requests of many bytes', () => {
  const address = `ipc://${path.join(temporaryDirectory(), 'work')}`;
  const router = new Router({ linger: 0 });
  afterAll(() => router.close());

  it('wait, not yet encoded, until those on the wire have been answered, also where the window has room', async () => {
    await router.bind(address);
    const link = new Link(address, address, 3, undefined, 1000);
    const file = new Uint8Array(2000);
    const first = link.request('loadPoint', { point: 'a', file });
    const second = link.request('loadPoint', { point: 'b', file });
    const third = link.request('targets', { split: 'test' });
    expect(link.pending).toEqual(['loadPoint']);

    const answerNext = async (answer: object) => {
      const [client, frame, ...tensors] = await router.receive();
      const { id, op } = header.parse(decode(frame));
      await router.send([client, ...encodeAnswer(id, 'w', answer).map((bytes) => Buffer.from(bytes))]);
      return { op, tensors };
    };
    expect(await answerNext({})).toMatchObject({ op: 'loadPoint' });
    await first;
    expect(link.pending).toEqual(['loadPoint']);
    expect(await answerNext({})).toMatchObject({ op: 'loadPoint' });
    await second;
    expect(link.pending).toEqual(['targets']);
    expect(await answerNext({ targets: Float32Array.of(1) })).toEqual({ op: 'targets', tensors: [] });
    expect((await third).targets).toEqual(Float32Array.of(1));
    link.close();
  });
});

describe('an error that the worker reports by a code of its own', () => {
  it('says which of our commands helps', () => {
    const error = workerError({ code: 'package', message: 'digits needs scikit-learn', traceback: null });
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe('digits needs scikit-learn: run `npm run setup`');
  });

  it('has nothing added where Python says what helps', () => {
    const error = workerError({ code: 'data', message: 'no such file: name another', traceback: null });
    expect(error.message).toBe('no such file: name another');
  });
});
