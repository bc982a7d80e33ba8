import { atTemperature, expectedCalibrationErrorPct, reliability } from '../../../ensemble/reliability';
import { kindOf } from '../../../ensemble/task-kind';
import { resultEnsemble } from '../../../store/result';
import { reliabilityFigure } from '../../figures/reliability';
import { fixed } from '../../format';
import type { NetworkView } from '../../run-view';
import type { Block, Section } from '../section';
import { answersOf } from './measures';

const OF_LABELS =
  'Each label of each sample counts as a sample of its own; its confidence is its probability, or 1 less it if that is more.';

/** Accuracy of the result against its confidence, before and after temperature scaling. */
export const calibration: Section<NetworkView> = {
  id: 'calibration',
  title: 'Calibration',
  blocks: ({ result, outputs: { test }, config }) => {
    if (result === null || test === null || kindOf(config.loss) === 'numbers') return [];
    const ensemble = resultEnsemble(result);
    const answers = answersOf(ensemble, test);
    if (answers === null || ensemble.rule === 'majorityVote') return [];
    const { temperature } = ensemble;
    const scaled =
      temperature === null
        ? []
        : [
            {
              label: `at temperature ${fixed(temperature, 2)}`,
              probabilities: atTemperature(answers, test.columns, temperature),
            },
          ];
    const all = [{ label: 'as it is', probabilities: answers }, ...scaled].map(({ label, probabilities }) => {
      const bins = reliability(probabilities, test.targets);
      return { label, bins, ecePct: expectedCalibrationErrorPct(bins) };
    });
    const words = all.map(({ label, ecePct }) => `${fixed(ecePct, 2)} % ${label}`).join(', ');
    const title = `${ensemble.name}: expected calibration error ${words}`;
    const figure: Block = { kind: 'figure', figure: reliabilityFigure('reliability', title, all) };
    return kindOf(config.loss) === 'labels' ? [{ kind: 'text', text: OF_LABELS }, figure] : [figure];
  },
};
