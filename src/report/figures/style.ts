import type { Config } from 'vega-lite';

/** Colours of Okabe and Ito: distinguishable with every kind of colour blindness, and in grey by their lightness. */
export const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;

/** Line patterns that accompany the palette, so that colour never carries a meaning alone. */
export const DASHES: number[][] = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 2, 2, 2],
  [1, 3],
  [10, 4],
  [4, 4],
];

/** Colours named by the paper's captions, in shades that differ in lightness too. */
export const CAPTION = { black: '#000000', blue: '#1746d1', red: '#e0301e' } as const;

/** Shades of one hue from low to high values, distinguishable by lightness alone. */
export const SHADES = ['#e8f1f8', '#8fc1e0', '#0072b2', '#00304d'] as const;

export const INK = '#222222';
/** Colour of secondary elements: subtitles, guides. */
export const QUIET = '#444444';
export const GRID = '#e4e4e4';
/** Colour of the border of a panel. */
export const FRAME = '#bbbbbb';
const FONT = 'DejaVu Sans, Verdana, Arial, sans-serif';

const TEXT = {
  labelFont: FONT,
  titleFont: FONT,
  labelFontSize: 11,
  titleFontSize: 12,
  labelColor: INK,
  titleColor: INK,
};

/** Style shared by Vega and Vega-Lite. `aria` is off: the figure has a summary, so its marks need no labels. */
export const CONFIG = {
  aria: false,
  background: 'white',
  padding: 12,
  axis: {
    ...TEXT,
    titleFontWeight: 'normal',
    gridColor: GRID,
    domainColor: INK,
    tickColor: INK,
    titlePadding: 8,
  },
  legend: { ...TEXT, titleFontWeight: 'normal', labelLimit: 0, symbolStrokeWidth: 2, symbolSize: 90 },
  title: {
    font: FONT,
    fontSize: 13,
    color: INK,
    subtitleFont: FONT,
    subtitleFontSize: 11,
    subtitleColor: QUIET,
    anchor: 'start',
    offset: 10,
    fontWeight: 'bold',
  },
  text: { font: FONT, fontSize: 11, fill: INK },
  view: { stroke: FRAME },
} as const satisfies Config;
