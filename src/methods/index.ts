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

/** Parts of a configuration that are of some methods alone. */
export const SECTIONS = [
  'dspTt',
  'randomJump',
  'independent',
  'snapshot',
  'fge',
  'swa',
  'horizontal',
  'csgMcmc',
] as const satisfies readonly (keyof Config)[];

/** A method, and what others must know of it. */
export interface MethodEntry {
  readonly run: Method;
  /** Those of the parts above that it reads. */
  readonly reads: readonly (typeof SECTIONS)[number][];
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
  'dsp-tt': { run: dspTt, reads: ['dspTt', 'swa'], title: 'DSP-TT', takesTier0: true, networks: inTiers },
  'random-jump': {
    run: randomJump,
    reads: ['dspTt', 'randomJump', 'swa'],
    title: 'random jump',
    takesTier0: true,
    networks: inTiers,
  },
  snapshot: {
    run: snapshot,
    reads: ['snapshot'],
    title: 'snapshot (SSE)',
    takesTier0: false,
    networks: ({ snapshot: { cycles } }) => cycles + 1,
  },
  fge: { run: fge, reads: ['fge'], title: 'FGE', takesTier0: false, networks: ({ fge: { cycles } }) => cycles + 1 },
  swa: { run: swa, reads: ['swa'], title: 'SWA', takesTier0: false, networks: () => 2 },
  horizontal: {
    run: horizontal,
    reads: ['horizontal'],
    title: 'horizontal voting',
    takesTier0: false,
    networks: ({ horizontal: { members } }) => members + 1,
  },
  'csg-mcmc': {
    run: csgMcmc,
    reads: ['csgMcmc'],
    title: 'cSG-MCMC',
    takesTier0: false,
    networks: ({ csgMcmc: { cycles, samples } }) => cycles * samples + 1,
  },
  independent: {
    run: independent,
    reads: ['independent'],
    title: 'independent',
    takesTier0: false,
    networks: ({ independent: { members } }) => members,
  },
  single: { run: single, reads: [], title: 'one network', takesTier0: true, networks: () => 1 },
};

/** Those of scripts. */
const ADDED = new Map<string, MethodEntry>();

/**
 * Let runs of this process use a method of your own by its name.
 * @throws UsageError when there is a method of that name
 */
export function addMethod(name: string, entry: MethodEntry): void {
  if (knownMethod(name) !== undefined) throw new UsageError(`there is a method '${name}' already: take another name`);
  ADDED.set(name, entry);
}

/** How tables call a method; the name itself of one that this process does not know. */
export function titleOfMethod(name: string): string {
  return knownMethod(name)?.title ?? name;
}

/** @throws UsageError on an unknown name. */
export function findMethod(name: string): MethodEntry {
  const entry = knownMethod(name);
  if (entry !== undefined) return entry;
  const names = [...Object.keys(METHODS), ...ADDED.keys()].join(', ');
  throw new UsageError(
    `unknown method '${name}'; known: ${names} (a script's own method is known to that script alone)`,
  );
}

function knownMethod(name: string): MethodEntry | undefined {
  return Object.hasOwn(METHODS, name) ? METHODS[name] : ADDED.get(name);
}
