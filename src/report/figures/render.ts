import type { Drawing, Figure } from './figure';
import { CONFIG } from './style';

/** Exports of vega that its type declarations lack. */
interface Untyped {
  resetSVGDefIds(): void;
  readonly textMetrics: { canvas(use: boolean): void };
}

/** Loads vega at the first picture only: it takes half a second, which other commands need not wait for. */
function load(): { readonly vega: typeof import('vega') & Untyped; readonly vegaLite: typeof import('vega-lite') } {
  return { vega: require('vega'), vegaLite: require('vega-lite') };
}

/** Presentation of a figure: with title and background as a file, without them in a page. */
export interface Look {
  readonly titled: boolean;
  readonly background: string;
  readonly padding: number;
}

const FILE: Look = { titled: true, background: CONFIG.background, padding: CONFIG.padding };

/** Renders a figure as the text of an SVG file, without a browser. Equal figures give equal bytes. */
export async function renderSvg({ title, description, drawing }: Figure, look: Look = FILE): Promise<string> {
  const { vega, vegaLite } = load();
  vega.textMetrics.canvas(false); // estimated widths: those of a canvas would depend on the fonts of this machine
  vega.resetSVGDefIds(); // vega numbers clip paths through the life of a process
  const spec = vegaOf(drawing, look, vegaLite);
  const svg = await new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
  const labelled = rounded(svg).replace(/^<svg /, '<svg role="img" aria-labelledby="title description" ');
  return `${labelled.replace('>', `>${summary(title, description)}`)}\n`;
}

function vegaOf(drawing: Drawing, { titled, ...look }: Look, vegaLite: typeof import('vega-lite')) {
  const config = { ...CONFIG, ...look };
  const spoken = titled ? {} : { title: undefined };
  if (drawing.grammar === 'vega') return { ...drawing.spec, ...spoken, config };
  return vegaLite.compile({ ...drawing.spec, ...spoken, config }).spec;
}

/** Rounds coordinates, which vega writes with 16 digits, to two decimals: finer than a screen or a printer shows. */
function rounded(svg: string): string {
  return svg.replace(/ (?:d|transform|x|y|[xy][12])="[^"]*"/g, (places) =>
    places.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
}

function summary(title: string, description: string): string {
  return `<title id="title">${escaped(title)}</title><desc id="description">${escaped(description)}</desc>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
