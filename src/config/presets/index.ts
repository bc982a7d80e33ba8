import type { ConfigInput } from '../schema';
import { digits } from './digits';
import { wine } from './wine';
import { wineQuality } from './wine-quality';

/** Presets by name: data, each with the reason for what it sets. To add one: a file beside this one, and a line here. */
export const PRESETS = { digits, wine, 'wine-quality': wineQuality } as const satisfies Record<string, ConfigInput>;
