import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { DataError } from '../../src/errors';
import { decodeNpy, encodeNpy } from '../../src/store/disk/npy';
import { outputsFile, readOutputs } from '../../src/store/outputs';
import { temporaryDirectory } from '../builders';
import { askPython } from '../python';

const directory = temporaryDirectory();
const at = (name: string) => path.join(directory, name);

/** Write a file into a run directory of its own, whose name is answered. */
function aRun(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  for (const [file, bytes] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(at(name), file)), { recursive: true });
    fs.writeFileSync(path.join(at(name), file), bytes);
  }
  return at(name);
}

const floats = fc.float32Array({ minLength: 0, maxLength: 60, noNaN: false });
const outputs = Float32Array.of(0.1, 0.9, 0.75, 0.25, 0.5, 0.5);
const targets = Float32Array.of(1, 0, 1);

describe('a .npy file', () => {
  it('is what NumPy loads without pickle, in the shape and type that were meant', () => {
    fs.writeFileSync(at('two.npy'), encodeNpy(outputs, [3, 2]));
    fs.writeFileSync(at('one.npy'), encodeNpy(targets, [3]));
    fs.writeFileSync(at('none.npy'), encodeNpy(new Float32Array(0), [0, 3]));
    const program =
      'import numpy as np\narrays = [np.load(path, allow_pickle=False) for path in given]\n' +
      'answer = [[list(a.shape), str(a.dtype), a.flatten().tolist()] for a in arrays]';
    fs.writeFileSync(at('bytes.npy'), encodeNpy(Uint8Array.of(1, 2, 255, 4), [2, 1, 2]));
    fs.writeFileSync(at('wide.npy'), encodeNpy(Float64Array.of(0.1, 1e300), [2]));
    fs.writeFileSync(at('whole.npy'), encodeNpy(Int32Array.of(-1, 2 ** 31 - 1), [1, 2]));
    const files = ['two.npy', 'one.npy', 'none.npy', 'bytes.npy', 'wide.npy', 'whole.npy'];
    expect(askPython(program, files.map(at))).toEqual([
      [[3, 2], 'float32', Array.from(outputs)],
      [[3], 'float32', [1, 0, 1]],
      [[0, 3], 'float32', []],
      [[2, 1, 2], 'uint8', [1, 2, 255, 4]],
      [[2], 'float64', [0.1, 1e300]],
      [[1, 2], 'int32', [-1, 2 ** 31 - 1]],
    ]);
  });

  it('is read as NumPy writes it', () => {
    const program =
      'import numpy as np\n' +
      'np.save(given[0], np.arange(12, dtype=np.float32).reshape(4, 3) / 7)\n' +
      'np.save(given[1], np.array([2, 5], dtype=np.float32))\nanswer = None';
    askPython(program, [at('numpy-two.npy'), at('numpy-one.npy')]);
    expect(decodeNpy(fs.readFileSync(at('numpy-two.npy')))).toEqual({
      values: Float32Array.from({ length: 12 }, (_, i) => i / 7),
      columns: 3,
    });
    expect(decodeNpy(fs.readFileSync(at('numpy-one.npy')))).toEqual({ values: Float32Array.of(2, 5), columns: 1 });
  });

  it('brings back every value, NaN and infinities among them', () => {
    fc.assert(
      fc.property(floats, fc.boolean(), (values, isFlat) => {
        const shape = isFlat ? [values.length] : [values.length, 1];
        expect(decodeNpy(encodeNpy(values, shape))).toEqual({ values, columns: 1 });
      }),
    );
  });

  it('is refused when any part of it is missing', () => {
    const whole = encodeNpy(outputs, [3, 2]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => decodeNpy(whole.subarray(0, length))).toThrow(DataError);
    }
    expect(() => decodeNpy(Uint8Array.of(...whole, 0))).toThrow('declares 6 values');
  });

  it('is refused when it holds other numbers, or objects, or is of another version', () => {
    const altered = (from: string, to: string) =>
      Buffer.from(
        Buffer.from(encodeNpy(outputs, [3, 2]))
          .toString('latin1')
          .replace(from, to),
        'latin1',
      );
    expect(() => decodeNpy(altered("'<f4'", "'>f4'"))).toThrow('not a little-endian float32 array');
    expect(() => decodeNpy(altered("'<f4'", "'|O' "))).toThrow(DataError);
    expect(() => decodeNpy(altered('False', 'True '))).toThrow(DataError);
    expect(() => decodeNpy(altered('(3, 2)', '(4, 2)'))).toThrow('8 values');
    expect(() => decodeNpy(altered('NUMPY\x01', 'NUMPY\x02'))).toThrow('version 1.0');
  });
});

describe("a run directory's outputs", () => {
  const files = {
    [outputsFile('test')]: encodeNpy(targets, [3]),
    [outputsFile('test', 'tier0')]: encodeNpy(outputs, [3, 2]),
    [outputsFile('test', 'tier1-1')]: encodeNpy(
      outputs.map((value) => 1 - value),
      [3, 2],
    ),
  };

  it('are read by network, with the targets', async () => {
    const read = await readOutputs(aRun('run', files), 'test', ['tier1-1', 'tier0']);
    expect(read).toEqual({
      targets,
      columns: 2,
      perSample: 1,
      outputs: new Map([
        ['tier1-1', outputs.map((value) => 1 - value)],
        ['tier0', outputs],
      ]),
    });
  });

  it('become decisions between absent and present where targets have a column for each label', async () => {
    const labels = {
      [outputsFile('test')]: encodeNpy(Float32Array.of(1, 0, 0, 1), [2, 2]),
      [outputsFile('test', 'tier0')]: encodeNpy(Float32Array.of(0.75, 0.25, 0, 1), [2, 2]),
    };
    expect(await readOutputs(aRun('labels', labels), 'test', ['tier0'])).toEqual({
      targets: Float32Array.of(1, 0, 0, 1),
      columns: 2,
      perSample: 2,
      outputs: new Map([['tier0', Float64Array.of(0.25, 0.75, 0.75, 0.25, 1, 0, 2 ** -25, 1)]]),
    });
  });

  it('are null where a run kept none', async () => {
    const run = aRun('some', files);
    fs.mkdirSync(path.join(run, 'outputs', 'validation'));
    expect(await readOutputs(run, 'validation', ['tier0'])).toBeNull();
    expect(await readOutputs(at('nowhere'), 'test', ['tier0'])).toBeNull();
  });

  it('are refused, with the file named, when one is missing, damaged or of other samples', async () => {
    const run = aRun('broken', {
      ...files,
      [outputsFile('test', 'cut')]: encodeNpy(outputs, [3, 2]).subarray(0, 130),
      [outputsFile('test', 'other')]: encodeNpy(outputs.subarray(0, 4), [2, 2]),
      [outputsFile('test', 'wide')]: encodeNpy(new Float32Array(9), [3, 3]),
    });
    const noTargets = aRun('no-targets', { [outputsFile('test', 'tier0')]: encodeNpy(outputs, [3, 2]) });
    await expect(readOutputs(noTargets, 'test', ['tier0'])).rejects.toThrow('targets.npy');
    for (const network of ['none', 'cut', 'other', 'wide']) {
      const reading = readOutputs(run, 'test', ['tier0', network]);
      await expect(reading).rejects.toThrow(DataError);
      await expect(reading).rejects.toThrow(`${network}.npy`);
    }
  });
});
