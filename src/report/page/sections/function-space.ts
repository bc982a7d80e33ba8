import { answerMap } from '../../../ensemble/function-space';
import type { PlacedRun } from '../../../ensemble/placed-members';
import type { KeptOutputs } from '../../../store/outputs';
import { answerMapFigure } from '../../figures/answers/answer-map';
import { functionPlaneFigure } from '../../figures/answers/function-plane';
import type { Figure } from '../../figures/figure';
import { networksOf } from '../../figures/networks';
import { fixed } from '../../format';
import type { TextTable } from '../../render';
import type { NetworkView } from '../../run-view';
import type { Section } from '../section';
import { placedIn } from './placed';

/** Networks that a map needs: two always lie on a line. */
const MAPPED = 3;

/** Places of the networks in function space: how much their answers differ from those of the first (Fort 2020). */
export const functionSpace: Section<NetworkView> = {
  id: 'function-space',
  title: 'How differently the networks answer',
  blocks: (view) => {
    const { test } = view.outputs;
    if (test === null) return [];
    const placed = placedIn(view, [...test.outputs.keys()], (network) => network);
    if (placed === null) return [];
    const { points, run } = placed;
    const { base, baseAccuracy, classes } = run;
    const names = networksOf(view.curves);
    const title = `Accuracy of the networks, and how their answers differ from those of ${base}`;
    const plane = functionPlaneFigure({ name: 'function-space', title, points, baseAccuracy, classes, names });
    return [
      { kind: 'table', caption: `Answers on the test data beside those of ${base}`, table: tableOf(run) },
      { kind: 'text', text: WORDS },
      ...[plane, ...mapOf(test, names)].map((figure) => ({ kind: 'figure' as const, figure })),
    ];
  },
};

function mapOf({ outputs, targets }: KeptOutputs, all: readonly string[]): Figure[] {
  const networks = [...outputs.keys()];
  const map = networks.length < MAPPED ? null : answerMap([...outputs.values()], targets.length);
  const title = 'Map of the answers on the test data';
  return map === null ? [] : [answerMapFigure({ name: 'answers', title, ...map, networks, all })];
}

const WORDS =
  'Over errors: the share of samples answered otherwise than the base, over the share of wrong answers. Independent: ' +
  'what networks would have whose errors know nothing of each other; perturbed: the base with random answers among its ' +
  'own, down to the same accuracy (Fort 2020). The nearer to independent, the more an ensemble gains by the network.';

function tableOf({ members }: PlacedRun): TextTable {
  return {
    head: ['network', 'accuracy %', 'otherwise %', 'over errors', 'independent', 'perturbed'],
    rows: members.map(({ network, accuracy, disagreement, normalised, independent, perturbed }) => [
      network,
      fixed(100 * accuracy, 2),
      fixed(100 * disagreement, 2),
      fixed(normalised, 3),
      fixed(independent, 3),
      fixed(perturbed, 3),
    ]),
    texts: 1,
  };
}
