import { createHash } from 'node:crypto';
import { csvOfColumns } from '../../store/disk/csv';
import { VERSION } from '../../version';
import type { Figure, Numbers } from '../figures/figure';
import { renderSvg } from '../figures/render';
import { plain } from '../printable';
import type { TextTable } from '../render';
import { idOf, inlineSvg, subtitleOf } from './inline-svg';
import { html, Markup } from './markup';
import type { Block, Chapter, Report } from './section';
import { STYLESHEET } from './stylesheet';

/** Generator name in the head of a report. */
export const GENERATOR = 'dsptt report';

/** Content security policy that forbids loading and scripts: the style is allowed by its hash, pictures are inline. */
export function reportPolicy(): string {
  const hash = createHash('sha256').update(STYLESHEET).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

/** Renders a report as one self-contained HTML page without scripts. */
export async function reportHtml({ title, notices, chapters }: Report): Promise<string> {
  const bodies: Markup[] = [];
  for (const chapter of chapters) bodies.push(await chapterHtml(chapter, chapters.length > 1));
  const links = chapters.length > 1 ? chapters : (chapters[0]?.sections ?? []);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${reportPolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${GENERATOR} ${VERSION}">
<meta name="color-scheme" content="light dark">
<title>${shown(title)}</title>
<style>${new Markup(STYLESHEET)}</style>
</head>
<body>
<a class="skip" href="#report">To the report</a>
<header>
<h1>${shown(title)}</h1>
${notices.map(notice)}
<nav aria-label="Contents"><ul>${links.map(({ id, title: to }) => html`<li><a href="#${id}">${shown(to)}</a></li>`)}</ul></nav>
</header>
<main id="report" tabindex="-1">
${bodies}
</main>
<footer>Made by <code>${GENERATOR}</code>, version ${VERSION}.</footer>
</body>
</html>
`;
  return page.text;
}

/** Spells out control characters; the template escapes the HTML. */
function shown(text: string): string {
  return plain(text);
}

async function chapterHtml({ id, title, isClosed, sections }: Chapter, isOneOfMany: boolean): Promise<Markup> {
  const parts: Markup[] = [];
  for (const section of sections) {
    const blocks = await blocksHtml(section.blocks, !isClosed);
    parts.push(html`<section id="${section.id}" aria-labelledby="${section.id}-title">
<h3 id="${section.id}-title">${shown(section.title)}</h3>
${blocks}
</section>`);
  }
  if (isClosed) return html`<details class="run" id="${id}"><summary>${shown(title)}</summary>${parts}</details>`;
  return isOneOfMany
    ? html`<h2 id="${id}">${shown(title)}</h2>${parts}`
    : html`<h2 id="${id}" hidden>${shown(title)}</h2>${parts}`;
}

/** Renders blocks; several blocks that are all figures are laid out side by side. */
async function blocksHtml(blocks: readonly Block[], carriesPictures: boolean): Promise<Markup> {
  const parts: Markup[] = [];
  const allFigures = blocks.length > 1 && blocks.every(({ kind }) => kind === 'figure');
  for (const block of blocks) parts.push(await blockHtml(block, carriesPictures));
  return allFigures ? html`<div class="figures">${parts}</div>` : html`${parts}`;
}

async function blockHtml(block: Block, carriesPictures: boolean): Promise<Markup> {
  switch (block.kind) {
    case 'text':
      return html`<p>${shown(block.text)}</p>`;
    case 'notice':
      return notice(block.text);
    case 'highlights':
      return html`<dl class="highlights">${block.numbers.map(([name, value]) => html`<div><dt>${shown(name)}</dt><dd>${shown(value)}</dd></div>`)}</dl>`;
    case 'facts':
      return html`<dl class="facts">${block.facts.map(([name, value]) => html`<dt>${shown(name)}</dt><dd>${shown(value)}</dd>`)}</dl>`;
    case 'table':
      return tableHtml(block.caption, block.table);
    case 'figure':
      return figureHtml(block.figure, carriesPictures);
  }
}

function notice(text: string): Markup {
  return html`<p class="notice" role="note">${shown(text)}</p>`;
}

/** Renders a table in a box that scrolls sideways and can be focused by keyboard. */
function tableHtml(caption: string, { head, rows, texts }: TextTable): Markup {
  const kind = (k: number) => (k < texts ? 'words' : 'number');
  const row = (cells: readonly string[]) =>
    html`<tr>${cells.map((cell, k) => html`<td class="${kind(k)}">${shown(cell)}</td>`)}</tr>`;
  return html`<div class="wide" role="region" aria-label="${shown(caption)}" tabindex="0"><table>
<caption>${shown(caption)}</caption>
<thead><tr>${head.map((cell, k) => html`<th scope="col" class="${kind(k)}">${shown(cell)}</th>`)}</tr></thead>
<tbody>${rows.map(row)}</tbody>
</table></div>`;
}

/** Width in px above which a picture on a narrow screen scrolls in its box, as it would be illegible if shrunk. */
const BROAD = 480;

/** Renders a figure. The page of many runs offers only the data as files: pictures as files would double its size. */
async function figureHtml(figure: Figure, carriesPictures: boolean): Promise<Markup> {
  const picture = await inlineSvg(figure);
  const width = Number(/ width="(\d+)"/.exec(picture.text)?.[1] ?? 0);
  const subtitle = subtitleOf(figure);
  const box =
    width > BROAD
      ? html`<div class="picture broad" role="group" aria-label="Picture: ${shown(figure.title)}" tabindex="0">${picture}</div>`
      : html`<div class="picture">${picture}</div>`;
  return html`<figure id="${idOf(figure)}">
<figcaption><p class="title">${shown(figure.title)}</p>${subtitle === null ? '' : html`<p class="subtitle">${shown(subtitle)}</p>`}</figcaption>
${box}
<div class="aside"><details><summary>In words and numbers</summary><p>${shown(figure.description)}</p>
${figure.numbers.flatMap(numbersHtml)}</details>
<ul class="files">${await filesHtml(figure, carriesPictures)}</ul></div>
</figure>`;
}

/** Number of rows up to which a table of numbers is shown. */
const READABLE = 60;

function numbersHtml({ name, columns }: Numbers): Markup[] {
  const values = Object.values(columns);
  const count = values[0]?.length ?? 0;
  if (count === 0 || count > READABLE) return [];
  const texts = values.findIndex((column) => typeof column[0] === 'number');
  const rows = Array.from({ length: count }, (_, i) => values.map((column) => cellText(column[i])));
  return [tableHtml(`${name}.csv`, { head: Object.keys(columns), rows, texts: texts < 0 ? values.length : texts })];
}

const DIGITS = 6;

function cellText(value: number | string | null): string {
  if (value === null) return '';
  return typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(DIGITS)))
    : String(value);
}

async function filesHtml(figure: Figure, carriesPictures: boolean): Promise<Markup[]> {
  const file = (svg: string) => link(`${figure.name}.svg`, 'image/svg+xml', svg, 'Picture (SVG)');
  const pictures = carriesPictures ? [file(await renderSvg(figure))] : [];
  const count = figure.numbers.length;
  const csvs = figure.numbers.map((numbers) =>
    link(
      `${numbers.name}.csv`,
      'text/csv',
      csvOfColumns(numbers.columns),
      count === 1 ? 'Data (CSV)' : `Data ${numbers.name} (CSV)`,
    ),
  );
  return [...pictures, ...csvs];
}

function link(file: string, type: string, content: string, label: string): Markup {
  const data = `data:${type};charset=utf-8;base64,${Buffer.from(content).toString('base64')}`;
  return html`<li><a download="${file}" href="${data}">${label}</a></li>`;
}
