import type { Config } from '../config/schema';
import { UsageError } from '../errors';
import { csgMcmc } from './csg-mcmc';
import { dspTt } from './dsp-tt';
import { fge } from './fge';
import { horizontal } from './horizontal';
import { independent } from './independent';
import type { Method } from './method';
import { randomJump } from './random-jump';
import { single } from './single';
import { snapshot } from './snapshot';
import { swa } from './swa';

interface MethodEntry {
  readonly run: Method;
  /** How tables call it. */
  readonly title: string;
  /** Whether it can start from a network that the user has trained already. */
  readonly takesTier0: boolean;
  /** The most networks that it holds at a time. */
  readonly networks: (config: Config) => number;
}

const inTiers = ({ dspTt: { tiers, fineTune: tuning } }: Config) =>
  1 + tiers.reduce((sum, paths) => sum + paths, 0) + (tuning.epochs > 0 ? tiers[0] : 0);

/** Methods by name. To add one: a file beside this one, and a line here. */
export const METHODS: Readonly<Record<string, MethodEntry>> = {
  'dsp-tt': { run: dspTt, title: 'DSP-TT', takesTier0: true, networks: inTiers },
  'random-jump': { run: randomJump, title: 'random jump', takesTier0: true, networks: inTiers },
  snapshot: {
    run: snapshot,
    title: 'snapshot (SSE)',
    takesTier0: false,
    networks: ({ snapshot: { cycles } }) => cycles + 1,
  },
  fge: { run: fge, title: 'FGE', takesTier0: false, networks: ({ fge: { cycles } }) => cycles + 1 },
  swa: { run: swa, title: 'SWA', takesTier0: false, networks: () => 2 },
  horizontal: {
    run: horizontal,
    title: 'horizontal voting',
    takesTier0: false,
    networks: ({ horizontal: { members } }) => members + 1,
  },
  'csg-mcmc': {
    run: csgMcmc,
    title: 'cSG-MCMC',
    takesTier0: false,
    networks: ({ csgMcmc: { cycles, samples } }) => cycles * samples + 1,
  },
  independent: {
    run: independent,
    title: 'independent',
    takesTier0: false,
    networks: ({ independent: { members } }) => members,
  },
  single: { run: single, title: 'one network', takesTier0: true, networks: () => 1 },
};

/** @throws UsageError on an unknown name. */
export function findMethod(name: string): MethodEntry {
  if (Object.hasOwn(METHODS, name)) return METHODS[name];
  throw new UsageError(`unknown method '${name}'; known: ${Object.keys(METHODS).join(', ')}`);
}
