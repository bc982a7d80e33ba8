import { Kills } from '../../scripts/faults/kills';
import { KILL_POINTS } from '../../src/store/kill-point';
import { temporaryDirectory } from '../builders';
import { atLength } from '../soak';

const SEED = 20261125;
const directory = temporaryDirectory();
/** One or more of each kind, on two methods: alone, in a resume, beside a stopped worker, beside a killed one. */
const SOME = [5, 14, 19, 28, 32, 37];
const ROUNDS = atLength(
  SOME,
  Array.from({ length: 40 }, (_, round) => round),
);

it(`runs that are killed and resumed leave what undisturbed runs leave: ${ROUNDS.length} rounds of seed ${SEED}`, async () => {
  const kills = new Kills(directory, SEED);
  await kills.play(ROUNDS);
  expect(kills.failures).toEqual([]);
  for (const kind of ['worker', 'node', 'both', 'stop', 'resume']) {
    expect([kind, kills.tally.happened(kind)]).not.toEqual([kind, 0]);
  }
  const places = KILL_POINTS.filter((point) => kills.tally.happened(point) > 0);
  expect(places.length).toBeGreaterThanOrEqual(6);
}, 900_000);
