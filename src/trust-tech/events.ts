import type { FittedSearch } from './auto';
import type { ExitPoint } from './exit-point';

/** A training that ended before its last step, because its validation loss no longer fell. */
export interface StoppedTraining {
  readonly network: string;
  /** Steps that were made, of those planned. */
  readonly steps: number;
  readonly planned: number;
  /** Step of the validation point whose network was kept. */
  readonly kept: number;
}

/** Progress event of a method. */
export type MethodEvent =
  | { readonly type: 'phase'; readonly phase: string; readonly steps: number }
  /** A network whose training has ended; `divergedAt`: the step at which its loss stopped being a number, or null. */
  | { readonly type: 'trained'; readonly network: string; readonly divergedAt: number | null }
  | { readonly type: 'stopped'; readonly training: StoppedTraining }
  /** The settings of a tier's search, `auto` ones as numbers, before its first step. */
  | ({ readonly type: 'fitted'; readonly tier: number; readonly isAuto: boolean } & FittedSearch)
  | { readonly type: 'search'; readonly iteration: number; readonly rho1: number; readonly paths: readonly PathView[] };

/** A search path as displays show it. */
export interface PathView {
  readonly path: string;
  readonly status: string;
  readonly loss: number;
  /** Point at which it left its origin's stability region; null before that. */
  readonly exit: ExitPoint | null;
}
