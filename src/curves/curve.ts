/** A tier's search as its run wrote it down: one entry an iteration, and where paths exited. */
export interface LossCurves {
  /** The path that moved, and the round in which it was searched. */
  readonly path: readonly string[];
  readonly round: ArrayLike<number>;
  readonly loss: ArrayLike<number>;
  readonly rho1: ArrayLike<number>;
  readonly exits: readonly { readonly path: string; readonly step: number }[];
  /** Weight of the past in the detector's moving average, which is drawn beside the batch losses. */
  readonly decay: number;
}

/** A tier's search so far: one entry an iteration. */
export interface Search extends LossCurves {
  readonly tier: number;
  /** Length of the displacement. */
  readonly norm: ArrayLike<number>;
}

/** A network's training so far: one entry a step. */
export interface Descent {
  readonly network: string;
  readonly step: ArrayLike<number>;
  readonly lr: ArrayLike<number>;
  readonly loss: ArrayLike<number>;
}

/** What the steps of a run showed, by phase. */
export interface Curves {
  readonly searches: readonly Search[];
  readonly descents: readonly Descent[];
  /** Why there are none, where they cannot be had. */
  readonly note: string | null;
}
