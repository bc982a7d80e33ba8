import type { PresetSize } from '../scale';
import type { ConfigInput } from '../schema';
import { CIFAR_PRESETS, CIFAR_SCALED } from './cifar';
import { digits } from './digits';
import { type Scaled, SMOKE } from './scales';
import { wine } from './wine';
import { wineQuality } from './wine-quality';

/** Presets by name: data, each with the reason for what it sets. To add one: a file beside this one and a line here. */
export const PRESETS = { digits, wine, 'wine-quality': wineQuality, ...CIFAR_PRESETS } as const satisfies Record<
  string,
  ConfigInput
>;

/** A preset that takes seconds at full scale has only the smoke test as a smaller scale. */
const QUICK: Scaled = { reduced: {}, smoke: SMOKE };

/** The other scales of each preset. */
const SCALED: Readonly<Record<keyof typeof PRESETS, Scaled>> = {
  digits: QUICK,
  wine: QUICK,
  'wine-quality': QUICK,
  ...CIFAR_SCALED,
};

/** The layers of a preset at a scale, lowest first. */
export function presetLayers(name: keyof typeof PRESETS, scale: PresetSize): ConfigInput[] {
  const named = { ...PRESETS[name], preset: name };
  return scale === 'full' ? [named] : [named, SCALED[name][scale]];
}

/** Reports whether a preset has this name. */
export function isPresetName(name: string): name is keyof typeof PRESETS {
  return Object.hasOwn(PRESETS, name);
}
