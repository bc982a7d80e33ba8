import type { ExitPoint } from './path-states';

/** What a method tells of its progress. */
export type MethodEvent =
  | { readonly type: 'phase'; readonly phase: string; readonly steps: number }
  | { readonly type: 'search'; readonly iteration: number; readonly rho1: number; readonly paths: readonly PathView[] };

/** A search path as displays show it. */
export interface PathView {
  readonly path: string;
  readonly status: string;
  readonly loss: number;
  /** Where it has left its parent's stability region, once it has. */
  readonly exit: ExitPoint | null;
}
