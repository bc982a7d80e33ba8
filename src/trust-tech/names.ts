/**
 * Names of networks, search paths, random streams, traces and phases. All are made here and read here. Journals, traces and
 * results of released versions hold them, so no spelling may ever change: `test/trust-tech/names.test.ts` compares them with
 * `test/journals`. Numbers of paths, members and rounds count from 1, those of tiers and local optima from 0.
 */

/** Begins the names of a tier's paths, and labels its search in the names of streams. */
export function tierName(tier: number): string {
  return `tier${tier}`;
}

/** The network that the first search starts from. */
export const TIER0 = tierName(0);

/** A local optimum of a closed-form objective, in the order of discovery; labels the search from it. */
export function losName(number: number): string {
  return `los${number}`;
}

/** A search path, and the network that it leads to. */
export function pathName(label: string, number: number): string {
  return `${label}-${number}`;
}

/** All paths of a search, in order. */
export function pathNames(label: string, count: number): string[] {
  return Array.from({ length: count }, (_, k) => pathName(label, k + 1));
}

/** Which of its search's paths a path is. */
export function numberOfPath(path: string): number {
  return Number(path.slice(path.lastIndexOf('-') + 1));
}

/** A member that no search led to. */
export function memberName(number: number): string {
  return `member${number}`;
}

/** The network from whose training members are copied. */
export const TRAINING = 'training';

/** The network that is trained, and becomes the average of its weights. */
export const SWA = 'swa';

/** The fine-tuned copy of a network. */
export function tunedName(network: string): string {
  return `${network}-tuned`;
}

/** Whether a network is a fine-tuned copy: then no path of its own led to it. */
export function isTuned(network: string): boolean {
  return network.endsWith('-tuned');
}

/** The average of so many weights of a network's training. */
export function averageName(network: string, count: number): string {
  return `${network}-average${count}`;
}

/** The place of a path at which its exit is verified. */
export function verifiedName(path: string): string {
  return `${path}-verified`;
}

/** What a new network is initialised from. */
export function initStream(network: string): string {
  return `init/${network}`;
}

/** The mini-batches of a training. */
export function dataStream(network: string): string {
  return `data/${network}`;
}

/** The mini-batches of a search. */
export function searchStream(label: string): string {
  return dataStream(`${label}-search`);
}

/** The tier whose search takes its mini-batches from this stream; null for any other stream. */
export function tierOfSearchStream(stream: string): number | null {
  return numberIn(/^data\/tier(\d+)-search$/, stream);
}

/** Which path of a search moves next. */
export function pickStream(label: string): string {
  return `pick/${label}`;
}

/** The mini-batches on which the loss at a search's origin is measured. */
export function probeStream(label: string): string {
  return `probe/${label}`;
}

/** The first direction of a path in a round: a redrawn path has another one. */
export function directionStream(path: string, round: number): string {
  return round === 1 ? `direction/${path}` : `direction/${path}/round${round}`;
}

/** The batches for batch-norm statistics along a segment that ends at a network. */
export function segmentStream(network: string): string {
  return `segment/${network}`;
}

/** The batches for the batch-norm statistics of averaged weights. */
export function statisticsStream(network: string): string {
  return `statistics/${network}`;
}

/** What each iteration of a tier's search showed. */
export function searchTrace(tier: number): string {
  return `search-${tierName(tier)}`;
}

/** The tier of a search's trace; null for any other trace. */
export function tierOfSearchTrace(trace: string): number | null {
  return numberIn(/^search-tier(\d+)$/, trace);
}

/** What each step of a network's training showed. */
export function descentTrace(network: string): string {
  return `descent-${network}`;
}

/** The part of a training in which its weights were averaged. */
export function averagedTrace(network: string): string {
  return `${descentTrace(network)}-averaged`;
}

/** A part of the training from which members are copied. */
export function stretchTrace(number: number): string {
  return `${descentTrace(TRAINING)}-${number}`;
}

/** The network whose training a trace shows, or a part of it. A trace that a script named itself is named after a network. */
export function networkOfTrace(trace: string): string {
  const network = /^descent-(.+?)(-averaged)?$/.exec(trace)?.[1] ?? trace;
  return /^training-\d+$/.test(network) ? TRAINING : network;
}

/** The phase before a method's first. */
export const OPENING = 'open';

/** The phase after a method's last, in which networks are measured. */
export const EVALUATION = 'evaluation';

/** The phase of a tier's search. */
export function searchPhase(tier: number): string {
  return `search of tier ${tier}`;
}

/** The phase of the search with this stream of mini-batches, which a script's own method may have named. */
export function phaseOfSearchStream(stream: string): string {
  const tier = tierOfSearchStream(stream);
  return tier === null ? `search of ${stream}` : searchPhase(tier);
}

/** The phase in which networks are trained together; a phase that trains one network has its name. */
export function groupPhase(networks: readonly string[]): string {
  const [first, last] = [networks[0], networks[networks.length - 1]];
  return first === last ? first : `${first} to ${last}`;
}

/** The phase of a search from a local optimum of a closed-form objective to those of a tier. */
export function losPhase(tier: number, los: string): string {
  return `tier ${tier} from ${los}`;
}

function numberIn(pattern: RegExp, name: string): number | null {
  const digits = pattern.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
