/** Sizes of a preset's run: as in its source, smaller for a CPU, or a few steps that show that everything works. */
export const PRESET_SIZES = ['full', 'reduced', 'smoke'] as const;
export type PresetSize = (typeof PRESET_SIZES)[number];
