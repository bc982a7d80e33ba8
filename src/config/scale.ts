/** How large a preset's run is: as in its source, smaller for a CPU, or a few steps to see that everything works. */
export const PRESET_SIZES = ['full', 'reduced', 'smoke'] as const;
export type PresetSize = (typeof PRESET_SIZES)[number];
