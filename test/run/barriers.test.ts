import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigInput } from '../../src/config/schema';
import { summary } from '../../src/report/summary';
import type { RunEvent } from '../../src/run/events';
import { replay } from '../../src/run/replay';
import { Session } from '../../src/run/session/session';
import { measureBarriers } from '../../src/verification/barriers';
import { temporaryDirectory, tinyConfig } from '../builders';
import { recordsOf } from '../journals/kept';

const directory = temporaryDirectory();
let session: Session;

beforeAll(async () => {
  session = await Session.start();
});
afterAll(() => session.close());

/** Makes a run, and returns its result, its measurements of segments, and the progress that it tells of them. */
async function made(name: string, values: ConfigInput = {}) {
  const out = path.join(directory, name);
  const told: number[][] = [];
  const onEvent = (event: RunEvent) => event.type === 'barriers' && told.push([event.done, event.of]);
  const config = tinyConfig(values);
  const result = await session.run(config, { out, onEvent });
  const segments = recordsOf(out).flatMap((record) =>
    record.kind === 'command' && record.op === 'segment' ? [record.args] : [],
  );
  return { out, config, result, segments, told, networks: result.members.filter(({ file }) => file !== null) };
}

describe('a run', () => {
  it('measures barriers to the parents by a tenth of its passes, on a part of the samples that it states', async () => {
    const { out, config, result, segments, told, networks } = await made('parent');
    const every = result.barriers?.every ?? 0;
    expect(every).toBeGreaterThan(1);
    expect(segments).toHaveLength(networks.length - 1);
    expect(new Set(segments.map((args) => args.every))).toEqual(new Set([every]));
    expect(told).toEqual(Array.from({ length: networks.length }, (_, done) => [done, networks.length - 1]));
    expect(networks.slice(1).every(({ barrierToParent }) => barrierToParent !== null)).toBe(true);
    const { matched, recorded } = await replay(out);
    expect(matched).toBe(recorded);
    const files = (member: string) => readFile(path.join(out, 'members', `${member}.safetensors`));
    const again = await measureBarriers(session, { path: out, config, result }, files, {});
    const toParents = again.filter(({ from }) => from === 'tier0').map(({ barrier }) => barrier);
    expect(toParents).toEqual(networks.slice(1).map(({ barrierToParent }) => barrierToParent));
  });

  it('measures all barriers, or none, where it is told so, and finds the same networks', async () => {
    const [all, none] = [await made('all', { barriers: 'all' }), await made('none', { barriers: 'none' })];
    expect(all.result.pairs.barrier).toHaveLength(all.networks.length);
    expect(none.segments).toEqual([]);
    expect(none.told).toEqual([]);
    expect(none.result.barriers).toBeUndefined();
    expect(none.networks.map(({ barrierToParent }) => barrierToParent)).toEqual(none.networks.map(() => null));
    expect(none.networks.map(({ sha256 }) => sha256)).toEqual(all.networks.map(({ sha256 }) => sha256));
    expect(summary(none.result)).toMatch(/; no loss barrier was measured; /);
  });
});
