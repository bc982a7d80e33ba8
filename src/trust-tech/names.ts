/**
 * Names of networks, search paths, random streams, traces and phases. This file alone builds and parses them. Journals,
 * traces and results of released versions hold them, so no spelling may ever change: `test/trust-tech/names.test.ts`
 * compares them with `test/journals`. Numbers of paths, members and rounds count from 1, those of tiers and local
 * optima from 0.
 */

/** Returns the prefix of the names of a tier's paths, which also labels its search in the names of streams. */
export function tierName(tier: number): string {
  return `tier${tier}`;
}

/** Name of the network from which the first search starts. */
export const TIER0 = tierName(0);

/** Returns the tier of a network that a search led to, or of the first one; null for any other network. */
export function tierOfNetwork(network: string): number | null {
  return numberIn(/^tier(\d+)(?:-|$)/, network);
}

/**
 * Returns the name of a local optimum of a closed-form objective, by order of discovery; it labels the search from that
 * optimum.
 */
export function losName(number: number): string {
  return `los${number}`;
}

/** Returns the name of a search path, and of the network to which it leads. */
export function pathName(label: string, number: number): string {
  return `${label}-${number}`;
}

/** Returns the names of all paths of a search, in order. */
export function pathNames(label: string, count: number): string[] {
  return Array.from({ length: count }, (_, k) => pathName(label, k + 1));
}

/** Returns the number of a path within its search. */
export function numberOfPath(path: string): number {
  return Number(path.slice(path.lastIndexOf('-') + 1));
}

/** Returns the name of a member that no search led to. */
export function memberName(number: number): string {
  return `member${number}`;
}

/** Name of the network from whose training members are copied. */
export const TRAINING = 'training';

/** Name of the network that is trained, and becomes the average of its weights. */
export const SWA = 'swa';

/** Returns the name of the fine-tuned copy of a network. */
export function tunedName(network: string): string {
  return `${network}-tuned`;
}

/** True if a network is a fine-tuned copy: then no path of its own led to it. */
export function isTuned(network: string): boolean {
  return network.endsWith('-tuned');
}

/** Returns the name of the average of `count` sets of weights of a network's training. */
export function averageName(network: string, count: number): string {
  return `${network}-average${count}`;
}

/** Returns the name of the copy of a network at the best validation point of its training. */
export function bestName(network: string): string {
  return `${network}-best`;
}

/** Returns the name of the point on a path at which its exit is verified. */
export function verifiedName(path: string): string {
  return `${path}-verified`;
}

/** Returns the stream that initialises a new network. */
export function initStream(network: string): string {
  return `init/${network}`;
}

/** Returns the stream of a training's mini-batches. */
export function dataStream(network: string): string {
  return `data/${network}`;
}

/** Returns the stream of a search's mini-batches. */
export function searchStream(label: string): string {
  return dataStream(`${label}-search`);
}

/** Returns the tier whose search takes its mini-batches from this stream; null for any other stream. */
export function tierOfSearchStream(stream: string): number | null {
  return numberIn(/^data\/tier(\d+)-search$/, stream);
}

/** Returns the stream that picks the path of a search to move next. */
export function pickStream(label: string): string {
  return `pick/${label}`;
}

/** Returns the stream of mini-batches on which the loss at a search's origin is measured. */
export function probeStream(label: string): string {
  return `probe/${label}`;
}

/** Returns the stream of a path's first direction in a round: a redrawn path gets another direction. */
export function directionStream(path: string, round: number): string {
  return round === 1 ? `direction/${path}` : `direction/${path}/round${round}`;
}

/** Returns the stream of batches for batch-norm statistics along a segment that ends at a network. */
export function segmentStream(network: string): string {
  return `segment/${network}`;
}

/** Returns the stream of batches for the batch-norm statistics of averaged weights. */
export function statisticsStream(network: string): string {
  return `statistics/${network}`;
}

/** Returns the name of the trace of a tier's search, with a row an iteration. */
export function searchTrace(tier: number): string {
  return `search-${tierName(tier)}`;
}

/** Returns the tier of a search's trace; null for any other trace. */
export function tierOfSearchTrace(trace: string): number | null {
  return numberIn(/^search-tier(\d+)$/, trace);
}

/** Returns the name of the trace of a network's training, with a row a step. */
export function descentTrace(network: string): string {
  return `descent-${network}`;
}

/** Returns the name of the trace of the part of a training in which its weights were averaged. */
export function averagedTrace(network: string): string {
  return `${descentTrace(network)}-averaged`;
}

/** Returns the name of the trace of a part of the training from which members are copied. */
export function stretchTrace(number: number): string {
  return `${descentTrace(TRAINING)}-${number}`;
}

/**
 * Returns the network whose training, or a part of it, a trace shows. A trace that a script named itself is named after
 * a network.
 */
export function networkOfTrace(trace: string): string {
  const network = /^descent-(.+?)(-averaged)?$/.exec(trace)?.[1] ?? trace;
  return /^training-\d+$/.test(network) ? TRAINING : network;
}

/** Name of the phase before a method's first. */
export const OPENING = 'open';

/** Name of the phase after a method's last, in which networks are measured. */
export const EVALUATION = 'evaluation';

/** Returns the name of the phase of a tier's search. */
export function searchPhase(tier: number): string {
  return `search of tier ${tier}`;
}

/**
 * Returns the name of the phase of the search with this stream of mini-batches, which a script's own method may have
 * named.
 */
export function phaseOfSearchStream(stream: string): string {
  const tier = tierOfSearchStream(stream);
  return tier === null ? `search of ${stream}` : searchPhase(tier);
}

/**
 * Returns the name of the phase in which networks are trained together; a phase that trains one network has the
 * network's name.
 */
export function groupPhase(networks: readonly string[]): string {
  const [first, last] = [networks[0], networks[networks.length - 1]];
  return first === last ? first : `${first} to ${last}`;
}

/** Returns the name of the phase of a search from a local optimum of a closed-form objective to those of a tier. */
export function losPhase(tier: number, los: string): string {
  return `tier ${tier} from ${los}`;
}

function numberIn(pattern: RegExp, name: string): number | null {
  const digits = pattern.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
