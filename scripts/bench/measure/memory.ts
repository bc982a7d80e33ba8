/**
 * Compares the peak of a search with five paths to the peak of training, beyond the five vectors of parameters and one
 * to calculate in. Bytes are counted, not timed: they are the same each time, so there is one pair.
 */
import { measureMemory } from '../../../src/paper/runs/measure-memory';
import { Session } from '../../../src/run/session/session';
import { atMost, type Bench, rowOf } from '../bench';
import { configOf, PATHS } from './tasks';

const TARGET = 1.005;
const MIB = 2 ** 20;
const BYTES = 4;

export const memory: Bench = {
  name: 'memory',
  compares:
    'peak of a search with 5 paths over the peak of training, beyond 5 vectors of parameters and one of scratch',
  run: async ({ quick, device }) => {
    const depth = quick ? 56 : 164;
    const config = configOf('resnet20', device, { model: { args: { depth, width: 16 } }, batchSize: 128 });
    const session = await Session.start();
    try {
      const executor = await session.open(config);
      const { trainingPeakBytes, searchPeakBytes, dataBytes } = await measureMemory(executor, config, PATHS.length);
      const [training, searching] = [trainingPeakBytes - dataBytes, searchPeakBytes - dataBytes];
      const vector = BYTES * executor.task.parameters;
      const ratio = (searching - (PATHS.length + 1) * vector) / training;
      return [
        rowOf(
          `memory: ResNet-${depth}, 16x16 images, batch 128`,
          { median: ratio, low: ratio, high: ratio, pairs: 1, isExact: true },
          atMost(TARGET),
          {
            'training MiB': training / MIB,
            'search MiB': searching / MIB,
            'search over training': searching / training,
            'a vector MiB': vector / MIB,
          },
        ),
      ];
    } finally {
      await session.close();
    }
  },
};
