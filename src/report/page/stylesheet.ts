import { FRAME, GRID, INK, PALETTE, QUIET } from '../figures/style';

/** Palette on a dark background: the same hues, lighter; black becomes white. */
const ON_DARK = ['#5bb0e8', '#f08a45', '#33c79a', '#e09cc3', '#f0b429', '#8fd0f5', '#f2f2f2'];

const series = (colors: readonly string[]) => colors.map((color, k) => `--series${k + 1}: ${color};`).join(' ');

const LIGHT = `--ink: ${INK}; --quiet: ${QUIET}; --grid: ${GRID}; --frame: ${FRAME}; --ground: #ffffff; --raised: #f5f7f9; --line: #d5dbe1; --accent: #00558a; --warn: #8a4a00; --warn-ground: #fff4e5; ${series(PALETTE)}`;
const DARK = `--ink: #e6e8ea; --quiet: #aab2ba; --grid: #343b42; --frame: #57606a; --ground: #14181c; --raised: #1d2329; --line: #343b42; --accent: #7cc3f2; --warn: #ffc680; --warn-ground: #33260f; ${series(ON_DARK)}`;

/** Style of a report's page. It loads no file and no font, so that a report can be read offline. */
export const STYLESHEET = `
:root { color-scheme: light dark; ${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: auto; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--ground); padding: .4rem .8rem; z-index: 1; }
header, main, footer { max-width: 74rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1 { font-size: clamp(1.45rem, 4vw, 2rem); line-height: 1.2; margin: 0 0 .75rem; letter-spacing: -.01em; }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1.1rem; margin: 2.25rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h2 + section > h3 { border-top: 0; padding-top: 0; margin-top: 1rem; }
p { margin: .6rem 0; max-width: 46rem; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; list-style: none; margin: .75rem 0 0; padding: .6rem 0; border-block: 1px solid var(--line); }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
.notice { color: var(--warn); background: var(--warn-ground); border-left: 4px solid currentColor; padding: .6rem .9rem; border-radius: 2px; max-width: none; }
dl { margin: .75rem 0; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.25rem; font-size: .9375rem; }
@media (min-width: 64rem) { .facts { grid-template-columns: repeat(2, max-content minmax(0, 1fr)); } }
.highlights { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0 1.5rem; }
.highlights div { display: flex; flex-direction: column-reverse; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .5rem .9rem; }
.highlights dd { font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.3; }
.highlights dt { font-size: .8125rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; max-width: 100%; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .8125rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .35rem; white-space: nowrap; }
th, td { padding: .3rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th { white-space: normal; max-width: 6.5rem; font-weight: 500; color: var(--quiet); vertical-align: bottom; border-bottom: 2px solid var(--frame); }
th:first-child, td:first-child { padding-left: 0; }
.words { text-align: left; }
td.words:first-child { font-weight: 500; }
.wide th:first-child, .wide td:first-child { position: sticky; left: 0; background: var(--ground); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: .5rem 2rem; align-items: start; }
figure { margin: 1.25rem 0; min-width: 0; }
.figures figure { margin: .75rem 0; }
figcaption { margin-bottom: .5rem; }
.title { font-weight: 600; margin: 0; max-width: none; }
.subtitle { color: var(--quiet); font-size: .875rem; margin: .1rem 0 0; max-width: none; }
.picture { overflow-x: auto; max-width: 100%; }
.picture svg { display: block; max-width: 100%; height: auto; }
.picture.broad svg { width: 100%; max-width: 62rem; min-width: 34rem; }
.aside { font-size: .875rem; color: var(--quiet); }
.aside p { max-width: none; }
.files { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: .4rem 0; padding: 0; }
details { margin: .4rem 0; }
summary { cursor: pointer; }
details.run { border: 1px solid var(--line); border-radius: 6px; padding: 0 1rem; margin: .75rem 0; }
details.run > summary { padding: .7rem 0; font-weight: 600; font-size: 1.05rem; }
details.run[open] { padding-bottom: 1rem; }
footer { color: var(--quiet); font-size: .875rem; padding-block: 2.5rem; }
@media (max-width: 30rem) { header, main, footer { padding-inline: 1rem; } .facts { grid-template-columns: minmax(0, 1fr); gap: 0; } .facts dd { margin-bottom: .5rem; } }
@media print {
  body { font-size: 10.5pt; }
  nav, .skip, .aside { display: none; }
  header, main, footer { max-width: none; padding: 0; }
  figure, tr, dl { break-inside: avoid; }
  h2, h3, figcaption { break-after: avoid; }
  details.run::details-content { content-visibility: visible; block-size: auto; }
  .wide, .picture { overflow: visible; }
  table { font-size: 8pt; }
  th, td { padding: .15rem .4rem; }
}
`;
