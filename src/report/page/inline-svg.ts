import type { Figure } from '../figures/figure';
import { renderSvg } from '../figures/render';
import { FRAME, GRID, INK, PALETTE, QUIET } from '../figures/style';
import { Markup } from './markup';

/** CSS variables that replace the figures' colours, so that they are legible on light and dark backgrounds. */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  [INK, '--ink'],
  [QUIET, '--quiet'],
  [GRID, '--grid'],
  [FRAME, '--frame'],
  ...PALETTE.map((color, k) => [color, `--series${k + 1}`] as const),
]);

const ON_PAGE = { titled: false, background: 'transparent', padding: 4 };

/** Returns the id of a figure's element in a page. */
export function idOf({ name }: Figure): string {
  return `chart-${name}`;
}

/**
 * Renders a figure as inline SVG: its ids are prefixed to be unique in the page, and its colours become the page's CSS
 * variables. Screen readers get one image with a title and a description; roles and labels of its parts are removed.
 */
export async function inlineSvg(figure: Figure): Promise<Markup> {
  const id = idOf(figure);
  const svg = await renderSvg(figure, ON_PAGE);
  const labels = 'aria-labelledby="title description"';
  const named = svg.replace(labels, `focusable="false" aria-labelledby="${id}-title ${id}-description"`);
  return new Markup(named.replace(/<[^>]+>/g, (tag) => onPage(tag, id)));
}

function onPage(tag: string, id: string): string {
  return tag
    .replace(/ id="([^"]*)"/, ` id="${id}-$1"`)
    .replace(/url\(#([^)]*)\)/g, `url(#${id}-$1)`)
    .replace(/ role="graphics-[a-z]+"| aria-roledescription="[^"]*"/g, '')
    .replace(/ (fill|stroke)="(#[0-9a-f]{6})"/g, (attribute, name, color) => {
      const variable = VARIABLES.get(color);
      return variable === undefined ? attribute : ` ${name}="var(${variable}, ${color})"`;
    });
}

/** Returns a figure's subtitle, which a page shows as text; null if it has none. */
export function subtitleOf({ drawing }: Figure): string | null {
  const { title } = drawing.spec;
  if (typeof title !== 'object' || title === null || !('subtitle' in title)) return null;
  return typeof title.subtitle === 'string' ? title.subtitle : null;
}
