import fs from 'node:fs';
import path from 'node:path';
import { assembleAnswer } from '../../../src/bridge/wire/codec';
import type { Args } from '../../../src/bridge/wire/protocol';
import { DeterminismError, JournalError } from '../../../src/errors';
import { History } from '../../../src/run/durable/history';
import { digestOf, Recorder } from '../../../src/run/durable/recorder';
import { nodeDisk } from '../../../src/store/disk/disk';
import { Journal } from '../../../src/store/journal/journal';
import { GRADIENT } from '../../../src/trust-tech/space';
import { failureOf, temporaryDirectory, WINE } from '../../builders';
import { foundIn, HEADER, WatchedDisk } from '../../store/journal/journals';

const root = temporaryDirectory();
let directory: string;
beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(root, 'run-'));
  const journal = await Journal.open(directory, nodeDisk);
  await journal.append(() => HEADER);
  await journal.close();
});

/** Work with a recorder as a process of its own would, then let go of the journal. */
async function asProcess<T>(work: (recorder: Recorder, journal: Journal) => Promise<T>, disk = nodeDisk): Promise<T> {
  const journal = await Journal.open(directory, disk);
  try {
    return await work(new Recorder(journal, new History(journal.found.records)), journal);
  } finally {
    await journal.close();
  }
}

const POINT = { point: 'a', stream: 'init/a' };
const AVERAGE = { point: 'b', sources: ['a', 'a'], weights: Float64Array.of(0.25, 0.75) };
const OUTPUTS = { loss: Number.NaN, errorPct: null, outputs: Float32Array.from({ length: 300 }, (_, i) => i / 3) };
const EVALUATE = { point: 'a', split: 'test', outputs: true } as const;
function opening(dir: string | null): Args<'open'> {
  const model = { ...WINE.model, python: null, weights: null };
  return { ...WINE, model, batchSize: 30, dataset: { ...WINE.dataset, dir } };
}

/** A first process: a point, an average, and an evaluation whose answer comes. */
const first = () =>
  asProcess(async (recorder) => {
    recorder.keepCommand(recorder.next('newPoint', POINT).c, 'newPoint', POINT);
    await recorder.keepResult(0, 'newPoint', {}).kept;
    recorder.keepCommand(recorder.next('averagePoints', AVERAGE).c, 'averagePoints', AVERAGE);
    recorder.keepCommand(recorder.next('evaluate', EVALUATE).c, 'evaluate', EVALUATE);
    await recorder.keepResult(2, 'evaluate', OUTPUTS).kept;
  });

describe('a recorder', () => {
  it('says how many steps the next command of the journal has, and nothing where it has none', async () => {
    const lr = new Float64Array(7);
    const descend = {
      point: 'a',
      stream: 'data',
      start: 0,
      lr,
      noise: lr.subarray(0, 0),
      solver: GRADIENT,
      capture: [],
    };
    await asProcess(async (recorder) => {
      expect(recorder.nextSteps()).toBeUndefined();
      for (const [op, args] of [
        ['newPoint', POINT],
        ['descend', descend],
      ] as const) {
        recorder.keepCommand(recorder.next(op, args).c, op, args);
      }
    });
    await asProcess(async (recorder) => {
      expect(recorder.nextSteps()).toBeUndefined();
      recorder.next('newPoint', POINT);
      expect(recorder.nextSteps()).toBe(7);
      recorder.next('descend', descend);
      expect(recorder.nextSteps()).toBeUndefined();
    });
  });

  it('numbers commands, and answers those that the journal has results of as they were', async () => {
    await first();
    await asProcess(async (recorder) => {
      expect(recorder.next('newPoint', POINT)).toMatchObject({ c: 0, result: { kind: 'result', c: 0 } });
      expect(recorder.next('averagePoints', AVERAGE)).toEqual({ c: 1, result: undefined });
      const { c, result } = recorder.next('evaluate', EVALUATE);
      expect(await recorder.stored(c, 'evaluate', result?.tensors ?? {})).toEqual(OUTPUTS);
      expect(recorder.next('evaluate', EVALUATE)).toEqual({ c: 3, result: undefined });
      expect(recorder.commands).toBe(4);
    });
  });

  it('keeps a command once, however often it is sent', async () => {
    await first();
    await asProcess(async (recorder) => {
      for (const c of [0, 1, 2]) recorder.keepCommand(c, 'newPoint', POINT);
      recorder.keepCommand(3, 'newPoint', POINT);
      recorder.keepCommand(3, 'newPoint', POINT);
      await recorder.synced();
    });
    const { records } = await foundIn(directory);
    expect(records.filter(({ kind }) => kind === 'command').map((record) => 'c' in record && record.c)).toEqual([
      0, 1, 2, 3,
    ]);
  });

  it('does not keep the file of a network, but what it was', async () => {
    const file = Uint8Array.of(1, 2, 3);
    await asProcess(async (recorder) => {
      recorder.keepCommand(0, 'savePoint', { point: 'a', metadata: {} });
      const { digest, kept } = recorder.keepResult(0, 'savePoint', assembleAnswer('savePoint', {}, { file }));
      await kept;
      expect(digest).toBe(digestOf({}, { file }));
    });
    const { records } = await foundIn(directory);
    expect(records.at(-1)).toMatchObject({ kind: 'result', tensors: null, digest: digestOf({}, { file }) });
  });

  it('notes that its process has taken the run up, before the first that it adds, and restarts of workers', async () => {
    await asProcess(async (recorder) => recorder.keepIncarnation({ torch: '1' }));
    await asProcess(async (recorder) => {
      recorder.keepIncarnation({ torch: '2' });
      recorder.keepRestart('the worker died');
      recorder.keepRestart('and again');
      await recorder.synced();
    });
    expect((await foundIn(directory)).records.slice(1)).toEqual([
      { kind: 'incarnation', pid: process.pid, versions: { torch: '2' }, n: 1, w: 2 },
      { kind: 'restart', reason: 'the worker died', n: 2, w: 2 },
      { kind: 'restart', reason: 'and again', n: 3, w: 2 },
    ]);
  });

  it('ends with the journal: what the disk refused is the error of the next result and of synced', async () => {
    const disk = new WatchedDisk();
    disk.before = async (call) => {
      if (call.startsWith('write')) throw new Error('EIO');
    };
    await asProcess(async (recorder) => {
      recorder.keepCommand(0, 'newPoint', POINT);
      await expect(recorder.keepResult(0, 'newPoint', {}).kept).rejects.toThrow(JournalError);
      await expect(recorder.synced()).rejects.toThrow('EIO');
    }, disk);
  });
});

describe('a command that is not the one of the journal', () => {
  const mismatch = (give: (recorder: Recorder) => unknown) =>
    asProcess(async (recorder) => failureOf(Promise.resolve().then(() => give(recorder))));

  it.each<[string, (recorder: Recorder) => unknown, RegExp]>([
    [
      'another operation',
      (r) => r.next('drop', { points: [], paths: [] }),
      /"op":"newPoint".*now it is .*"op":"drop"/s,
    ],
    ['another name', (r) => r.next('newPoint', { ...POINT, point: 'z' }), /"point":"a".*now it is .*"point":"z"/s],
  ])('is a DeterminismError that shows both: %s', async (_, give, both) => {
    await first();
    const error = await mismatch(give);
    expect(error).toBeInstanceOf(DeterminismError);
    expect(error.message).toMatch(/^command 0 of this run is not the one that its journal has/);
    expect(error.message).toMatch(both);
  });

  it('is one also by a single bit of an array, or its length', async () => {
    await first();
    const others = [Float64Array.of(0.25, 0.75 + 2 ** -53), Float64Array.of(0.25), Float64Array.of(0.25, 0.75, 0)];
    for (const weights of others) {
      const error = await mismatch((recorder) => {
        recorder.next('newPoint', POINT);
        recorder.next('averagePoints', { ...AVERAGE, weights });
      });
      expect(error).toBeInstanceOf(DeterminismError);
      expect(error.message).toMatch(/^command 1 /);
    }
  });

  it('is not one by the order of keys, by keys that are undefined, or by where data lie', async () => {
    await asProcess(async (recorder) => {
      recorder.keepCommand(0, 'open', opening('/data/a'));
      recorder.keepCommand(1, 'newPoint', POINT);
      await recorder.synced();
    });
    await asProcess(async (recorder) => {
      expect(recorder.next('open', opening('/elsewhere')).c).toBe(0);
      expect(recorder.next('newPoint', { stream: POINT.stream, point: POINT.point }).c).toBe(1);
    });
    const error = await mismatch((recorder) => recorder.next('open', { ...opening(null), seed: 1 }));
    expect(error).toBeInstanceOf(DeterminismError);
  });

  it("is not one by a model's settings that look like our own words", async () => {
    const args = { $number: '3', deep: [{ $number: 'NaN', $$number: 1 }], rate: Number.NaN, zero: -0 };
    const open = { ...opening(null), model: { name: 'mlp', args, python: null, weights: null } };
    await asProcess(async (recorder) => {
      recorder.keepCommand(0, 'open', open);
      await recorder.synced();
    });
    expect(await asProcess(async (recorder) => recorder.next('open', open).c)).toBe(0);
  });

  it('is refused also when the journal has more commands than the run gave', async () => {
    await first();
    const error = await mismatch((recorder) => {
      recorder.next('newPoint', POINT);
      recorder.mustHaveAll();
    });
    expect(error).toBeInstanceOf(DeterminismError);
    expect(error.message).toMatch(
      /ended after 1 commands, but its journal has 3, the next one \{.*"op":"averagePoints"/,
    );
    await asProcess(async (recorder) => {
      recorder.next('newPoint', POINT);
      recorder.next('averagePoints', AVERAGE);
      recorder.next('evaluate', EVALUATE);
      expect(() => recorder.mustHaveAll()).not.toThrow();
    });
  });
});

describe('the device of a run', () => {
  const opened = { parameters: 1, stepsPerEpoch: 1, samples: { train: 1, validation: 0, test: 0 }, classes: [] };
  const answer = { ...opened, deviceName: 'a GPU', threads: 1, signature: '', stateSha256: '', notices: [] };

  it.each([
    ['cpu', true],
    ['cuda', false],
  ])('says whether the same command must give the same bits, also from the journal: %s', async (device, isExact) => {
    await asProcess(async (recorder) => {
      recorder.keepCommand(0, 'open', opening(null));
      await recorder.keepResult(0, 'open', { ...answer, device }).kept;
      expect(recorder.isExact).toBe(isExact);
    });
    await asProcess(async (recorder) => {
      const { c, result } = recorder.next('open', opening(null));
      expect(await recorder.stored(c, 'open', result?.tensors ?? {})).toEqual({ ...answer, device });
      expect({ device: recorder.device, isExact: recorder.isExact }).toEqual({ device, isExact });
    });
  });
});

it('the seconds of a run are those of all its processes, and while it is replayed those of then', async () => {
  await first();
  const records = (await foundIn(directory)).records;
  const times = records.flatMap((record) => (record.kind === 'result' ? [record.t] : []));
  await asProcess(async (recorder) => {
    expect(recorder.seconds()).toBe(0);
    const { c, result } = recorder.next('newPoint', POINT);
    await recorder.stored(c, 'newPoint', result?.tensors ?? {});
    expect(recorder.seconds()).toBe(times[0]);
    recorder.next('averagePoints', AVERAGE); // has no result: from here on the run is new
    expect(recorder.seconds()).toBeGreaterThan(times[1]);
  });
});
