import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { JournalError } from '../../../src/errors';
import { nodeDisk } from '../../../src/store/disk/disk';
import type { StoredArray } from '../../../src/store/journal/arrays';
import { Journal } from '../../../src/store/journal/journal';
import { failureOf, temporaryDirectory } from '../../builders';
import { HEADER, refsIn, result, WatchedDisk } from './journals';

const root = temporaryDirectory();
const KINDS = { f4: Float32Array, f8: Float64Array, i4: Int32Array, u1: Uint8Array } as const;
const bytesOf = (array: StoredArray) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** An array over bytes of anyone's choice: every NaN there is, and no place in its buffer that a copy would have. */
const arrays = fc
  .tuple(
    fc.constantFrom(...Object.values(KINDS)),
    fc.oneof(fc.nat(260), fc.nat(3000)),
    fc.nat(3),
    fc.infiniteStream(fc.nat(255)),
  )
  .map(([kind, length, skipped, bytes]): StoredArray => {
    const size = kind.BYTES_PER_ELEMENT;
    const buffer = Uint8Array.from({ length: size * (length + skipped) }, () => bytes.next().value).buffer;
    return new kind(buffer, skipped * size, length);
  });

/** A directory whose journal has a header and one result for each of some records of arrays. */
async function kept(...results: readonly Readonly<Record<string, StoredArray>>[]): Promise<string> {
  const directory = fs.mkdtempSync(path.join(root, 'run-'));
  const journal = await Journal.open(directory, nodeDisk);
  await Promise.all([
    journal.append(() => HEADER),
    ...results.map((one) => journal.append((refs) => result(refs, one))),
  ]);
  await journal.close();
  return directory;
}

/** The arrays of a journal, by name, or the error of the first that cannot be read. */
async function readIn(directory: string): Promise<Record<string, StoredArray>> {
  const journal = await Journal.open(directory, nodeDisk);
  try {
    const read: Record<string, StoredArray> = {};
    for (const [name, ref] of Object.entries(refsIn(journal.found.records))) read[name] = await journal.read(ref);
    return read;
  } finally {
    await journal.close();
  }
}

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i / 7);

describe("a journal's arrays", () => {
  it('come back bit for bit, small ones in the record and large ones beside it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arrays, { minLength: 1, maxLength: 6 }), async (list) => {
        const named = list.map((array, k) => ({ [`a${k}`]: array }));
        const read = await readIn(await kept(...named));
        for (const [k, array] of list.entries()) {
          expect(read[`a${k}`]).toBeInstanceOf(array.constructor);
          expect(bytesOf(read[`a${k}`]).equals(bytesOf(array))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keep the payload of a NaN', async () => {
    const odd = new Float32Array(Uint32Array.of(0x7fc0_1234, 0xff80_0001, 0x8000_0000, 1).buffer);
    const many = new Float64Array(200).fill(new Float64Array(BigUint64Array.of(0x7ff8_0000_dead_beefn).buffer)[0]);
    new BigUint64Array(many.buffer).fill(0xfff4_0000_dead_beefn);
    const read = await readIn(await kept({ odd, many }));
    expect(bytesOf(read.odd)).toEqual(bytesOf(odd));
    expect(bytesOf(read.many)).toEqual(bytesOf(many));
  });

  it('lie in a file a dtype, at offsets that later processes go on from', async () => {
    const directory = await kept({ first: ramp(300) });
    fs.appendFileSync(path.join(directory, 'journal.f4'), 'of a process that died before its record was written');
    const journal = await Journal.open(directory, nodeDisk);
    await journal.append((refs) =>
      result(refs, { second: ramp(400), tiny: ramp(2), whole: Int32Array.from(ramp(260)) }),
    );
    await journal.close();
    const sizes = ['f4', 'i4'].map((dtype) => fs.statSync(path.join(directory, `journal.${dtype}`)).size);
    expect(sizes).toEqual([4 * 700, 4 * 260]);
    expect(await readIn(directory)).toEqual({
      first: ramp(300),
      second: ramp(400),
      tiny: ramp(2),
      whole: Int32Array.from(ramp(260)),
    });
  });

  it('are on the disk, with the name of their file, before the record that refers to them is written', async () => {
    const disk = new WatchedDisk();
    const journal = await Journal.open(fs.mkdtempSync(path.join(root, 'run-')), disk);
    await Promise.all([
      journal.append(() => HEADER),
      journal.append((refs) => result(refs, { a: ramp(300), b: ramp(280) })),
    ]);
    await journal.close();
    expect(disk.calls.filter((call) => !/open|truncate/.test(call))).toEqual([
      'sync directory',
      'sync directory',
      'write journal.f4',
      'write journal.f4',
      'sync journal.f4',
      'write journal.jsonl',
      'sync journal.jsonl',
    ]);
  });
});

describe('an array file that is not as the journal says', () => {
  const damaged = (change: (file: string) => void) => async () => {
    const directory = await kept({ whole: ramp(300), hurt: ramp(400) });
    const file = path.join(directory, 'journal.f4');
    change(file);
    const error = await failureOf(readIn(directory));
    expect(error).toBeInstanceOf(JournalError);
    return { file, message: error.message };
  };

  it('is a JournalError that names file and byte when a bit of it has changed', async () => {
    const flipped = damaged((file) => {
      const bytes = fs.readFileSync(file);
      bytes[4 * 300 + 17] ^= 4;
      fs.writeFileSync(file, bytes);
    });
    const { file, message } = await flipped();
    expect(message).toContain(`${file} is damaged: the 400 numbers from byte 1200 are not those`);
  });

  it('is a JournalError that names file and byte when it is too short', async () => {
    const { file, message } = await damaged((file) => fs.truncateSync(file, 2799))();
    expect(message).toContain(`${file} is damaged: the 400 numbers from byte 1200 are not those`);
  });

  it('is a JournalError that names the file when it is missing, also the second time', async () => {
    const { file, message } = await damaged((file) => fs.rmSync(file))();
    expect(message).toBe(`cannot read ${file}, to which the journal refers`);
    const journal = await Journal.open(path.dirname(file), nodeDisk);
    const { whole, hurt } = refsIn(journal.found.records);
    await expect(journal.read(whole)).rejects.toThrow(JournalError);
    await expect(journal.read(hurt)).rejects.toThrow(JournalError);
    await journal.close();
  });
});
