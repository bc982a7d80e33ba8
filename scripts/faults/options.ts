/** What the command line asks a fault for. */
export interface FaultOptions {
  /** How many times; what that means is the fault's. */
  readonly rounds: number | undefined;
  readonly seed: number;
  /** Where to begin, to see again what an earlier run has found. */
  readonly firstBlock: number;
}
