/** How large a preset's run is: as in its source, smaller for a CPU, or a few steps to see that everything works. */
export const SCALES = ['full', 'reduced', 'smoke'] as const;
export type Scale = (typeof SCALES)[number];
