import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import {
  averagedTrace,
  averageName,
  dataStream,
  descentTrace,
  directionStream,
  EVALUATION,
  groupPhase,
  initStream,
  isTuned,
  losName,
  losPhase,
  memberName,
  networkOfTrace,
  numberOfPath,
  OPENING,
  pathName,
  pathNames,
  phaseOfSearchStream,
  pickStream,
  probeStream,
  SWA,
  searchPhase,
  searchStream,
  searchTrace,
  segmentStream,
  statisticsStream,
  stretchTrace,
  TIER0,
  TRAINING,
  tierName,
  tierOfNetwork,
  tierOfSearchStream,
  tierOfSearchTrace,
  tunedName,
  verifiedName,
} from '../../src/trust-tech/names';
import { keptRun, keptRuns } from '../journals/kept';

const counts = fc.integer({ min: 0, max: 1000 });
const tiers = counts.map(tierName);
const labels = fc.oneof(tiers, counts.map(losName));
const paths = fc.tuple(labels, counts).map(([label, number]) => pathName(label, number));
const untuned = fc.oneof(fc.constantFrom(TIER0, TRAINING, SWA), paths, counts.map(memberName));
const networks = fc.oneof(untuned, untuned.map(tunedName));

describe('reading a name inverts making it:', () => {
  it('the tier of the stream and the trace of a search', () => {
    fc.assert(
      fc.property(counts, (tier) => {
        expect(tierOfSearchStream(searchStream(tierName(tier)))).toBe(tier);
        expect(tierOfSearchTrace(searchTrace(tier))).toBe(tier);
        expect(phaseOfSearchStream(searchStream(tierName(tier)))).toBe(searchPhase(tier));
      }),
    );
  });

  it('the tier of a network', () => {
    fc.assert(
      fc.property(counts, counts, (tier, number) => {
        const path = pathName(tierName(tier), number);
        for (const network of [tierName(tier), path, tunedName(path)]) expect(tierOfNetwork(network)).toBe(tier);
        expect(tierOfNetwork(memberName(number))).toBeNull();
      }),
    );
  });

  it('no tier of a name that is of something else', () => {
    fc.assert(
      fc.property(networks, paths, counts, (network, ofPath, number) => {
        const streams = [
          dataStream(network),
          initStream(network),
          segmentStream(network),
          directionStream(ofPath, number),
        ];
        for (const stream of [...streams, searchStream(losName(number))]) expect(tierOfSearchStream(stream)).toBeNull();
        for (const trace of [descentTrace(network), averagedTrace(network), stretchTrace(number)]) {
          expect(tierOfSearchTrace(trace)).toBeNull();
        }
      }),
    );
  });

  it('the network of a trace', () => {
    fc.assert(
      fc.property(networks, counts, (network, number) => {
        expect(networkOfTrace(descentTrace(network))).toBe(network);
        expect(networkOfTrace(averagedTrace(network))).toBe(network);
        expect(networkOfTrace(stretchTrace(number))).toBe(TRAINING);
      }),
    );
  });

  it('the number of a path', () => {
    fc.assert(
      fc.property(labels, counts, (label, number) => expect(numberOfPath(pathName(label, number))).toBe(number)),
    );
    fc.assert(
      fc.property(labels, fc.nat({ max: 50 }), (label, count) => {
        expect(pathNames(label, count).map(numberOfPath)).toEqual(Array.from({ length: count }, (_, k) => k + 1));
      }),
    );
  });

  it('whether a network is a fine-tuned copy', () => {
    fc.assert(
      fc.property(untuned, (network) => expect([network, tunedName(network)].map(isTuned)).toEqual([false, true])),
    );
  });
});

describe('names', () => {
  it('are different for what is different', () => {
    const made = everyName();
    expect(new Set(made).size).toBe(made.length);
  });

  it('leave those of a script as they are', () => {
    expect(networkOfTrace('trunk')).toBe('trunk');
    expect(networkOfTrace('trunk-averaged')).toBe('trunk-averaged');
    expect(phaseOfSearchStream('data/trunk')).toBe('search of data/trunk');
  });

  it('call a group by its first and last network, and a network alone by its own name', () => {
    expect(groupPhase(['tier1-1', 'tier1-2', 'tier1-3'])).toBe('tier1-1 to tier1-3');
    expect(groupPhase(['tier1-1'])).toBe('tier1-1');
  });
});

describe('the names in the runs of all released versions', () => {
  const made = new Set([...everyName(), ...groups()]);

  it.each(keptRuns())('are those that are made today: %s', (run) => {
    const found = namesIn(keptRun(run));
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((name) => !made.has(name))).toEqual([]);
  });
});

function upTo<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, k) => make(k + 1));
}

/** All names with small numbers, but for those of groups. */
function everyName(): string[] {
  const searched = [...upTo(3, tierName), ...upTo(40, (number) => losName(number - 1))];
  const ofPaths = searched.flatMap((label) => pathNames(label, 20));
  const trained = [TIER0, ...ofPaths, ...upTo(20, memberName), TRAINING, SWA];
  const all = [...trained, ...trained.map(tunedName)];
  return [
    ...all,
    ...all.flatMap((network) => upTo(20, (count) => averageName(network, count))),
    ...ofPaths.map(verifiedName),
    ...searched,
    ...[initStream, dataStream, segmentStream, statisticsStream].flatMap((stream) => all.map(stream)),
    ...[pickStream, probeStream, searchStream].flatMap((stream) => searched.map(stream)),
    ...ofPaths.flatMap((name) => upTo(5, (round) => directionStream(name, round))),
    ...upTo(3, searchTrace),
    ...all.flatMap((network) => [descentTrace(network), averagedTrace(network)]),
    ...upTo(20, stretchTrace),
    ...[OPENING, EVALUATION, ...upTo(3, searchPhase)],
    ...upTo(3, (tier) => losPhase(tier, losName(0))),
  ];
}

function groups(): string[] {
  const together = [...upTo(3, (tier) => pathNames(tierName(tier), 20)), upTo(20, memberName)];
  return together.flatMap((all) =>
    all.flatMap((_, k) => all.slice(k).map((__, l) => groupPhase(all.slice(k, k + l + 1)))),
  );
}

/** Keys under which commands and results state names. */
const NAMED = /^(points?|paths?|sources?|target|origin|like|parent|streams?|phase)$/;

/** All names that a run's commands and its result state. */
function namesIn(run: string): string[] {
  const files = ['journal.jsonl', 'result.json']
    .map((file) => path.join(run, file))
    .filter((file) => fs.existsSync(file));
  const texts = files.flatMap((file) => (file.endsWith('.jsonl') ? linesOf(file) : [fs.readFileSync(file, 'utf8')]));
  const found = new Set<string>();
  const walk = (value: unknown, isName: boolean): void => {
    if (typeof value === 'string' && isName && value !== '') found.add(value);
    if (Array.isArray(value)) for (const item of value) walk(item, isName);
    else if (value !== null && typeof value === 'object')
      for (const [key, item] of Object.entries(value)) walk(item, NAMED.test(key));
  };
  for (const text of texts) walk(JSON.parse(text), false);
  return [...found];
}

/** The lines of commands: others state places of files. */
function linesOf(journal: string): string[] {
  return fs
    .readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"kind":"command"'));
}
