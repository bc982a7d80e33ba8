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

/** The text of an SVG file, made without a browser. The same figure gives the same bytes. */
export async function renderSvg({ title, description, drawing }: Figure): Promise<string> {
  const { vega, vegaLite } = load();
  vega.textMetrics.canvas(false); // estimated widths: those of a canvas would depend on the fonts of this machine
  vega.resetSVGDefIds(); // vega numbers clip paths through the life of a process
  const spec = vegaOf(drawing, vegaLite);
  const svg = await new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
  const labelled = svg.replace(/^<svg /, '<svg role="img" aria-labelledby="title description" ');
  return `${labelled.replace('>', `>${summary(title, description)}`)}\n`;
}

function vegaOf(drawing: Drawing, vegaLite: typeof import('vega-lite')) {
  if (drawing.grammar === 'vega') return { ...drawing.spec, config: CONFIG };
  return vegaLite.compile({ ...drawing.spec, config: CONFIG }).spec;
}

function summary(title: string, description: string): string {
  return `<title id="title">${escaped(title)}</title><desc id="description">${escaped(description)}</desc>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
