import type { Bench } from './bench';
import { bridge } from './bridge';
import { durability } from './durability';
import { ensemble } from './ensemble';
import { growth } from './growth';
import { liveView } from './live-view';
import { memory } from './measure/memory';
import { members } from './members';
import { search } from './search';
import { start } from './start';
import { train } from './train';
import { wholeJob } from './whole-job';

/** Benches in the order in which they run. */
export const BENCHES: readonly Bench[] = [
  bridge,
  search,
  train,
  members,
  memory,
  wholeJob,
  growth,
  start,
  ensemble,
  durability,
  liveView,
];
