/** The part of jStat that is used here; the package has no types of its own. */
declare module 'jstat' {
  export const jStat: {
    /** The regularised incomplete beta function I_x(a, b). */
    ibeta(x: number, a: number, b: number): number;
    readonly studentt: {
      /** The quantile of Student's t distribution at probability p. */
      inv(p: number, degreesOfFreedom: number): number;
    };
  };
}
