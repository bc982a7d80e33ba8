import { withoutPlace } from '../../src/config/difference';
import { optionsOf } from '../../src/config/option-tree';
import { isPlain, resolveConfig, valueAt } from '../../src/config/resolve';
import { type ConfigInput, configSchema } from '../../src/config/schema';
import { readJson } from '../../src/store/disk/json-file';
import { sha256 } from '../../src/store/journal/arrays';
import { canonical } from '../../src/store/journal/canonical';
import { keptRun } from '../journals/kept';

const hashOf = (values: ConfigInput): string =>
  sha256(canonical(withoutPlace(resolveConfig([{ from: 'test', values }]))));

const DIGITS = '28c79852f3c402e5e33ff81c7c53e2f5f973182a1741de4cad10cd2077a1962f';

/** What headers of journals of 0.1.0 have. */
const HASHES: readonly (readonly [ConfigInput, string])[] = [
  [{}, DIGITS],
  [{ dataset: { dir: '/data' } }, DIGITS],
  [{ compile: true }, 'efe3d1387eb41c97781783fc83b01320f98bcd3de5cee4bf373f0bc5961b92a1'],
  [{ channelsLast: true }, '76cd514d321798ba2d3b26439b8e66b1e58055a598310e11cb4dfaa9218e3577'],
  [{ graphs: 'off' }, 'd0031108d40d5728ba403aec1bcb63ded76ba0d31817fbc3bae463d0b372df5a'],
  [{ data: 'stream' }, '123a48781af2e625c4a54c27553864e952bd9f72195a3b5af8c3175f04657a8c'],
  [{ membersAtOnce: 2 }, 'de5381091c8937b667803b9b1904170c95a68f3f0dfa187bc50052378e746bc9'],
  [{ membersWay: 'stack' }, '67125d86504b9efc133d58ad079c8ef671db9ca21078992fde0e3b2a6ecb96c9'],
  [
    { compile: true, data: 'device', dspTt: { tiers: [3, 2], verify: 'barrier' } },
    'cc2f338314941ef656481d3703c392cf593d11c42ff46827fed3d0d35aed52b8',
  ],
  [{ preset: 'wine' }, '110e843dade8641eff6569c3080442234c9ee1d0d89ea3b05d27392ffe134e90'],
  [{ preset: 'cifar10-vgg16' }, 'e3ac41e9c6dfdac1f86a1a96d860be0dc79ad337f3f0480179afee0c3df3b82b'],
];

describe("the hash of a run's configuration", () => {
  it.each(HASHES)('is what 0.1.0 made of %j', (values, hash) => {
    expect(hashOf({ preset: 'digits', ...values })).toBe(hash);
  });
});

describe('options', () => {
  it('that config.json of the first journal lacks say since when there is one', async () => {
    const first = await readJson(`${keptRun('0.1.0/dsp-tt')}/config.json`, '');
    const unmarked = optionsOf(configSchema).filter(
      ({ path, since }) => since === undefined && isPlain(first) && valueAt(first, path) === undefined,
    );
    expect(unmarked.filter(({ path }) => path[0] !== 'budget').map(({ path }) => path.join('.'))).toEqual([]);
  });

  it('that came later have a default, at which an earlier run goes on', () => {
    const later = optionsOf(configSchema).filter(({ since }) => since !== undefined);
    expect(later.map(({ path }) => path.join('.'))).toContain('compile');
    for (const { path, values, default: byDefault } of later) {
      expect([path, values === undefined || byDefault !== undefined]).toEqual([path, true]);
    }
  });
});
