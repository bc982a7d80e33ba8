import { datasetName, modelName } from '../../config/schema';
import { titleOfMethod } from '../../methods';
import type { NetworkView, RunView } from '../run-view';
import type { ReportParts } from './parts';
import { type Chapter, chapterOf, type Report } from './section';
import { NETWORK_SECTIONS } from './sections';
import { COMPARISON_SECTIONS } from './sections/comparison';
import { OPTIMA_SECTIONS } from './sections/optima';

/** Composes a report on runs, independent of its format. */
export function composeReport({ runs, comparison = null, title = titleOf(runs) }: ReportParts): Report {
  const all = { id: 'all', prefix: '', title: 'All runs', isClosed: false };
  const together = runs.length > 1 ? [chapterOf(all, COMPARISON_SECTIONS, { runs, comparison })] : [];
  const each = runs.map((run, k): Chapter => {
    const isAlone = runs.length === 1;
    const place = isAlone ? { id: 'run', prefix: '' } : { id: `run${k + 1}`, prefix: `run${k + 1}-` };
    const chapter = { ...place, title: nameOf(run), isClosed: !isAlone };
    return run.kind === 'optima' ? chapterOf(chapter, OPTIMA_SECTIONS, run) : chapterOf(chapter, NETWORK_SECTIONS, run);
  });
  return {
    title,
    notices: runs.length > 1 ? unfinishedWords(runs) : [],
    chapters: [...together, ...each].filter(({ sections }) => sections.length > 0),
  };
}

function nameOf(run: RunView): string {
  if (run.kind === 'optima')
    return `${run.result.objective.name}, ${run.result.direction} paths, seed ${run.result.seed}`;
  return `${titleOfMethod(run.config.method)}, seed ${run.config.seed}${unfinished(run)}`;
}

function unfinished({ result }: NetworkView): string {
  return result === null ? ' (unfinished)' : '';
}

function titleOf(runs: readonly RunView[]): string {
  const [first] = runs;
  if (first === undefined) return 'No runs';
  const isOptima = first.kind === 'optima';
  const on = isOptima ? first.result.objective.name : `${datasetName(first.config)} with ${modelName(first.config)}`;
  if (runs.length > 1) return `${runs.length} runs on ${on}`;
  return isOptima ? `Optima of ${on}` : `${titleOfMethod(first.config.method)} on ${on}${unfinished(first)}`;
}

function unfinishedWords(runs: readonly RunView[]): string[] {
  const open = runs.filter((run) => run.kind === 'network' && run.result === null).map(({ path }) => path);
  if (open.length === 0) return [];
  return [`Not finished, and so not compared: ${open.join(', ')}.`];
}
