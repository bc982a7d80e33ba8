/** Options of a fault on the command line. */
export interface FaultOptions {
  /** Number of repetitions; each fault defines its meaning. */
  readonly rounds: number | undefined;
  readonly seed: number;
  /** First block, to reproduce what an earlier run has found. */
  readonly firstBlock: number;
  /** Engine on which `kills` has its runs; undefined: here. */
  readonly on: string | undefined;
}
