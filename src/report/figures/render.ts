import type { Drawing, Figure } from './figure';
import { CONFIG } from './style';

/** What vega exports, but its types do not mention. */
interface Untyped {
  resetSVGDefIds(): void;
  readonly textMetrics: { canvas(use: boolean): void };
}

/** Loaded when the first picture is drawn: half a second that no other command waits for. */
function load(): { readonly vega: typeof import('vega') & Untyped; readonly vegaLite: typeof import('vega-lite') } {
  return { vega: require('vega'), vegaLite: require('vega-lite') };
}

/** How a figure stands where it is shown: with its title and on a ground of its own as a file, or without on a page. */
export interface Look {
  readonly titled: boolean;
  readonly background: string;
  readonly padding: number;
}

const FILE: Look = { titled: true, background: CONFIG.background, padding: CONFIG.padding };

/** The text of an SVG file, made without a browser. The same figure gives the same bytes. */
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

/** Vega writes places to sixteen digits; two after the point are more than a screen or a printer shows. */
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
