/** Where a pack is put together. */
export interface Place {
  /** The repository's root. */
  readonly root: string;
  /** What becomes the archive's one folder. */
  readonly stage: string;
  /** A folder for downloads and installations that do not go along; removed in the end. */
  readonly scratch: string;
  /** The Python version of the machine that the pack is for, such as 3.12. */
  readonly python: string;
  /** The packed data set, or a folder that has it; null: none goes along. */
  readonly cifar: string | null;
}
