import type { NetworkView } from '../../run-view';
import type { Section } from '../section';
import { barriers } from './barriers';
import { budget } from './budget';
import { calibration } from './calibration';
import { classes } from './classes';
import { diversity } from './diversity';
import { found } from './found';
import { functionSpace } from './function-space';
import { labels } from './labels';
import { overview } from './overview';
import { search } from './search';
import { size } from './size';
import { training } from './training';

/** Sections of the report on a run on networks, in order. To add one: a file beside this one and a line here. */
export const NETWORK_SECTIONS: readonly Section<NetworkView>[] = [
  overview,
  found,
  search,
  training,
  budget,
  size,
  diversity,
  functionSpace,
  barriers,
  calibration,
  classes,
  labels,
];
