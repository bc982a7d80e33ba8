import { DASHES } from '../../report/figures/style';
import { STYLESHEET } from '../../report/page/stylesheet';

/** Colours and patterns of lines, the same as in the report. */
const SERIES = DASHES.map((dash, k) => {
  const pattern = dash[1] === 0 ? '' : ` stroke-dasharray: ${dash.join(' ')};`;
  return `.line.style${k} { stroke: var(--series${k + 1});${pattern} } .mark.style${k} { fill: var(--series${k + 1}); }`;
}).join('\n');

/** Style of the live view, based on that of the report. */
export const STYLE = `${STYLESHEET}
header { padding-top: 1.25rem; }
header nav { font-size: .875rem; margin-bottom: .25rem; }
h1 { overflow-wrap: anywhere; margin-bottom: .5rem; }
section > h2 { margin: 0 0 .5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.top { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; justify-content: space-between; align-items: flex-start; }
.top .head { flex: 1 1 20rem; min-width: 0; overflow-wrap: anywhere; line-height: 1.9; }
.state { display: inline-block; padding: .05rem .6rem; border: 1.5px solid currentColor; border-radius: 1rem; font-size: .8125rem; font-weight: 600; line-height: 1.5; color: var(--quiet); }
.head .state { margin-right: .6rem; }
a.report { margin-left: .75rem; }
.state.running, .state.starting { color: var(--accent); }
.state.running::before { content: ''; display: inline-block; width: .5rem; height: .5rem; margin-right: .4rem; border-radius: 50%; background: currentColor; }
.state.stopping, .state.interrupted { color: var(--warn); }
.state.unreadable, .problem { color: var(--danger); }
:root { --danger: #b3261e; --on-danger: #ffffff; --good: #00694a; }
.state.finished { color: var(--good); }
@media screen and (prefers-color-scheme: dark) { :root { --danger: #ff9a91; --on-danger: #14181c; --good: #5fd6ae; } }
.note { color: var(--warn); }
p.problem, p.note { max-width: none; }
button { font: inherit; padding: .35rem 1rem; min-height: 2.5rem; border: 1px solid var(--frame); border-radius: 6px; background: var(--raised); color: var(--ink); cursor: pointer; }
button:hover { border-color: currentColor; }
button.sort { display: inline-flex; align-items: flex-end; vertical-align: bottom; padding: 0; min-height: 1.75rem; border: 0; background: none; color: inherit; font-weight: 500; text-align: inherit; }
button.sort:hover { text-decoration: underline; }
th[aria-sort=ascending] button::after { content: '\\a0\\2191'; } th[aria-sort=descending] button::after { content: '\\a0\\2193'; }
select { font: inherit; font-size: .875rem; padding: .3rem .5rem; min-height: 2.25rem; max-width: 100%; border: 1px solid var(--frame); border-radius: 6px; background: var(--raised); color: var(--ink); }
.choice { display: block; font-size: .875rem; margin: .25rem 0 .75rem; }
td input[type=checkbox] { width: 1.15rem; height: 1.15rem; margin: 0; vertical-align: middle; }
button.danger { border-color: var(--danger); color: var(--danger); background: transparent; }
dialog button.danger { background: var(--danger); color: var(--on-danger); }
dialog { max-width: min(32rem, calc(100vw - 2rem)); border: 1px solid var(--frame); border-radius: 8px; padding: 1.25rem; background: var(--ground); color: var(--ink); }
dialog::backdrop { background: rgb(0 0 0 / .5); }
dialog h2 { margin: 0; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; justify-content: flex-end; margin-top: 1rem; }
pre { margin: .6rem 0; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); white-space: pre-wrap; overflow-wrap: anywhere; font-size: .875rem; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .6rem; margin: 1rem 0 1.5rem; }
.numbers div { padding: .45rem .8rem; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); min-width: 0; }
.numbers dt { font-size: .8125rem; }
.numbers dd { font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.35; }
.numbers dd.more { font-size: .8125rem; font-weight: 400; color: var(--quiet); }
progress { width: 100%; height: .55rem; accent-color: var(--accent); }
td progress { width: 6rem; vertical-align: middle; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.25rem; list-style: none; margin: .25rem 0 .5rem; padding: 0; font-size: .875rem; }
.legend .key { width: 28px; height: 10px; margin-right: .4rem; }
.legend .name { font-weight: 600; overflow-wrap: anywhere; }
.legend .value { color: var(--quiet); font-variant-numeric: tabular-nums; }
figure { margin: .5rem 0 1.25rem; }
figcaption { font-weight: 600; font-size: .875rem; margin: 0; }
figure > input[type=range] { display: block; width: calc(100% - 46px - 20px + 16px); height: 1.5rem; margin: 0 0 0 calc(46px - 8px); appearance: none; background: transparent; cursor: ew-resize; }
input[type=range]::-webkit-slider-runnable-track { height: 3px; border-radius: 2px; background: var(--frame); }
input[type=range]::-moz-range-track { height: 3px; border-radius: 2px; background: var(--frame); }
input[type=range]::-webkit-slider-thumb { appearance: none; width: 16px; height: 16px; margin-top: -6.5px; border-radius: 50%; background: var(--accent); }
input[type=range]::-moz-range-thumb { width: 16px; height: 16px; border: 0; border-radius: 50%; background: var(--accent); }
output { display: block; font-variant-numeric: tabular-nums; }
.settings { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; font-size: .875rem; color: var(--quiet); }
.settings label { display: inline-flex; align-items: center; gap: .4rem; min-height: 1.75rem; }
.settings input[type=range] { width: 8rem; appearance: none; height: 1.5rem; background: transparent; cursor: ew-resize; }
.cursor { stroke: var(--accent); stroke-dasharray: 2 3; }
.chart { display: block; width: 100%; height: auto; touch-action: pan-y; cursor: crosshair; user-select: none; }
.chart text { font-size: 12px; fill: var(--quiet); font-variant-numeric: tabular-nums; }
.chart .touched { font-weight: 600; fill: var(--ink); stroke: var(--ground); stroke-width: 4; paint-order: stroke; }
.chart .end { text-anchor: end; } .chart .middle { text-anchor: middle; }
.chosen { fill: var(--accent); opacity: .15; }
.grid { stroke: var(--grid); } .axis { stroke: var(--frame); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.style-1 { stroke: var(--ink); }
.line.strong { stroke-width: 3.5; }
.mark { stroke: var(--ground); stroke-width: 1.5; }
${SERIES}
.summary { color: var(--quiet); font-size: .875rem; max-width: none; margin: .25rem 0; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
tbody th { position: sticky; left: 0; background: var(--ground); }
th[scope=row] { font-weight: 500; color: var(--ink); max-width: none; white-space: nowrap; border-bottom: 1px solid var(--line); }
tbody th, tbody td { vertical-align: baseline; }
th.words { text-align: left; }
td .problem { white-space: normal; display: inline-block; min-width: 16rem; text-align: left; }
`;
