import { answerMap } from '../../../ensemble/function-space';
import { type PlacedRun, placeRun } from '../../../ensemble/placed-members';
import { answerMapFigure } from '../../figures/answers/answer-map';
import { functionPlaneFigure } from '../../figures/answers/function-plane';
import { networksOf } from '../../figures/networks';
import { fixed } from '../../format';
import type { TextTable } from '../../render';
import type { NetworkView } from '../../run-view';
import type { Section } from '../section';

/** Networks that a map needs: two always lie on a line. */
const MAPPED = 3;

/** Where the networks lie in function space: how much their answers differ from those of the first (Fort 2020). */
export const functionSpace: Section<NetworkView> = {
  id: 'function-space',
  title: 'How differently the networks answer',
  blocks: ({ result, outputs: { test }, config, curves }) => {
    if (result === null || test === null || config.loss !== 'crossEntropy') return [];
    const run = placeRun(test.outputs, test.targets, test.columns);
    if (run === null) return [];
    const distances = new Map(result.pairs.names.map((name, k) => [name, result.pairs.parameterDistance[0][k]]));
    const names = networksOf(curves);
    const plane = functionPlaneFigure({
      name: 'function-space',
      title: `Accuracy of the networks, and how their answers differ from those of ${run.base}`,
      points: run.members.map(({ network, accuracy, disagreement, normalised }) => {
        const distance = distances.get(network) ?? null;
        const [accuracyPct, disagreementPct] = [100 * accuracy, 100 * disagreement];
        return { of: network, seed: result.seed, network, accuracyPct, normalised, disagreementPct, distance };
      }),
      baseAccuracy: run.baseAccuracy,
      classes: run.classes,
      names,
    });
    const networks = [...test.outputs.keys()];
    const map = networks.length < MAPPED ? null : answerMap([...test.outputs.values()], test.targets.length);
    const title = 'Map of the answers on the test data';
    return [
      { kind: 'table', caption: `Answers on the test data beside those of ${run.base}`, table: tableOf(run) },
      { kind: 'text', text: WORDS },
      { kind: 'figure', figure: plane },
      ...(map === null
        ? []
        : [
            {
              kind: 'figure' as const,
              figure: answerMapFigure({ name: 'answers', title, ...map, networks, all: names }),
            },
          ]),
    ];
  },
};

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
