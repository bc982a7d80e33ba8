/** Whether thorough tests have their whole lengths (`npm run test:soak`); CI spends minutes on them, not hours. */
const IS_SOAK = process.env.DSPTT_SOAK === '1';

/** How much of something a thorough test takes: what finds a fault as a rule, or at its whole length. */
export function atLength<T>(usual: T, whole: T): T {
  return IS_SOAK ? whole : usual;
}
