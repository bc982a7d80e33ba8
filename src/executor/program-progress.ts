/** Progress of a program: steps `done` of `total`, and the last loss. */
export interface ProgramProgress {
  readonly program: 'descend' | 'search';
  /** Name of the point, or of the search's data stream. */
  readonly what: string;
  readonly loss: number;
  readonly done: number;
  readonly total: number;
  /** Number of steps in this piece. */
  readonly steps: number;
}
