import type { Figure } from '../figures/figure';
import { renderSvg } from '../figures/render';
import { FRAME, GRID, INK, PALETTE, QUIET } from '../figures/style';
import { Markup } from './markup';

/** The colours of figures that a page sets itself, so that they can be read on light and on dark ground. */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  [INK, '--ink'],
  [QUIET, '--quiet'],
  [GRID, '--grid'],
  [FRAME, '--frame'],
  ...PALETTE.map((color, k) => [color, `--series${k + 1}`] as const),
]);

const ON_PAGE = { titled: false, background: 'transparent', padding: 4 };

/** What a figure is called within a page. */
export function idOf({ name }: Figure): string {
  return `chart-${name}`;
}

/**
 * A figure's picture as a part of a page: its names are its own there, and the page's colours are used. It is one picture
 * with a title and a description; its parts have no words of their own, and so say nothing to a screen reader.
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

/** What a figure says under its title; a page shows it as text. */
export function subtitleOf({ drawing }: Figure): string | null {
  const { title } = drawing.spec;
  if (typeof title !== 'object' || title === null || !('subtitle' in title)) return null;
  return typeof title.subtitle === 'string' ? title.subtitle : null;
}
