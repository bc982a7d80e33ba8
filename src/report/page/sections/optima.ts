import { makeObjective } from '../../../closed-form/objectives';
import type { OptimaRecord } from '../../../store/run-record';
import { optimaMapFigure } from '../../figures/optima-map';
import { duration, moment } from '../../format';
import { optimaRows, optimaSummary, tierGraphRows } from '../../optima';
import type { Section } from '../section';

const overview: Section<OptimaRecord> = {
  id: 'overview',
  title: 'The run',
  blocks: ({ path, result, config, times }) => [
    {
      kind: 'facts',
      facts: [
        ['Method', `${result.method}, ${result.direction} search paths`],
        ['Objective', `${result.objective.name} in ${result.objective.dims} dimensions`],
        ['Box', result.objective.lower.map((low, i) => `${low} to ${result.objective.upper[i]}`).join(', ')],
        ['Metric', config.flow.metric],
        ['Seed', String(result.seed)],
        [
          'Versions',
          Object.entries(result.versions)
            .map((one) => one.join(' '))
            .join(', '),
        ],
        ['Finished', moment(times.written)],
        ['Took', duration(result.timings.wallSeconds)],
        ['Directory', path],
      ],
    },
  ],
};

const found: Section<OptimaRecord> = {
  id: 'found',
  title: 'What was found',
  blocks: ({ result }) => [
    ...optimaSummary(result)
      .split('\n')
      .map((text) => ({ kind: 'text' as const, text })),
    { kind: 'table', caption: 'Optima', table: optimaRows(result) },
    ...(result.edges.length > 0
      ? [{ kind: 'table' as const, caption: 'The tier graph', table: tierGraphRows(result) }]
      : []),
  ],
};

const map: Section<OptimaRecord> = {
  id: 'map',
  title: 'Where they lie',
  blocks: ({ result, config }) => {
    if (result.objective.dims !== 2) return [];
    const title = `${result.optima.length} optima of ${result.objective.name}`;
    return [{ kind: 'figure', figure: optimaMapFigure('optima', title, result, makeObjective(config.objective)) }];
  },
};

/** Sections of the report on a closed-form run, in order. */
export const OPTIMA_SECTIONS: readonly Section<OptimaRecord>[] = [overview, found, map];
