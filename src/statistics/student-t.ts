import { jStat } from 'jstat';

/** The t that a Student variable exceeds in absolute value with probability `1 - level`. */
export function criticalT(level: number, degreesOfFreedom: number): number {
  return jStat.studentt.inv((1 + level) / 2, degreesOfFreedom);
}

/** The probability that a Student variable is at least as far from 0 as `t`. */
export function twoSidedP(t: number, degreesOfFreedom: number): number {
  // The beta form keeps its precision in the tails, where 1 - cdf loses it.
  return jStat.ibeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}
