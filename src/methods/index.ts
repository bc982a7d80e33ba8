import { UsageError } from '../errors';
import { method as csgMcmc } from './csg-mcmc';
import { method as dspTt } from './dsp-tt';
import { method as fge } from './fge';
import { method as horizontal } from './horizontal';
import { method as independent } from './independent';
import type {
  ConfigWith,
  MethodContext as ContextOver,
  MethodEntry as EntryOver,
  Method as MethodOver,
} from './method';
import { method as randomJump } from './random-jump';
import { method as single } from './single';
import { method as snapshot } from './snapshot';
import { method as swa } from './swa';

/** Methods, whose sections stand in a configuration in this order. To add one: a file beside this one, and a line here. */
const FILES = {
  'dsp-tt': dspTt,
  'random-jump': randomJump,
  independent,
  snapshot,
  fge,
  swa,
  horizontal,
  'csg-mcmc': csgMcmc,
  single,
};

type AsOne<Union> = (Union extends unknown ? (one: Union) => void : never) extends (one: infer All) => void
  ? All
  : never;

/** One object with all properties of several. */
function asOne<T extends object>(parts: readonly T[]): AsOne<T> {
  return Object.assign({}, ...parts);
}

/** Sections of the configuration, with their options, that are of one method. */
export const METHOD_OPTIONS = asOne(Object.values(FILES).map(({ options }) => options));

/** Values of those options for a run of some 24 steps. */
export const SMOKE_OPTIONS = asOne(Object.values(FILES).map(({ smoke }) => smoke));

type Config = ConfigWith<typeof METHOD_OPTIONS>;

/** A method over the whole configuration, as scripts add theirs. */
export type Method = MethodOver<Config>;
/** Input of a method that reads the whole configuration. */
export type MethodContext = ContextOver<Config>;
/** A method over the whole configuration, with its title and the sections that it reads. */
export type MethodEntry = EntryOver<Config>;

/** Names of the sections of a configuration that are of some methods alone. */
export const SECTIONS: readonly string[] = ['dspTt', ...Object.keys(METHOD_OPTIONS)];

/** Methods by name, as others use them. */
export const METHODS: Readonly<Record<string, MethodEntry>> = FILES;

/** Methods that scripts added. */
const ADDED = new Map<string, MethodEntry>();

/**
 * Lets runs of this process use a method of your own by its name.
 * @throws UsageError when there is a method of that name
 */
export function addMethod(name: string, entry: MethodEntry): void {
  if (knownMethod(name) !== undefined) throw new UsageError(`there is a method '${name}' already: take another name`);
  ADDED.set(name, entry);
}

/** Name of a method in tables; of a method that this process does not know, its own name. */
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
