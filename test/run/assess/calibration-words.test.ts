import { calibrationWords } from '../../../src/run/assess/calibration-words';
import { anEnsemble } from '../../store/a-result';

describe('of a calibrated loss', () => {
  const words = (samples: number, mistakes: number) =>
    calibrationWords(anEnsemble({ fittedOn: { samples, mistakes } }));

  it('it is said how little it says where the samples are few, or none of them is mistaken', () => {
    expect(words(9, 0)).toBe(
      'The calibrated loss says little: its temperature was fitted on 9 validation samples, none of them mistaken.',
    );
    expect(words(29, 2)).toMatch(/on 29 validation samples, 2 of them mistaken\.$/);
    expect(words(500, 0)).toMatch(/none of them mistaken\.$/);
  });

  it('nothing is said where there are enough, and of runs that do not know', () => {
    expect(words(30, 1)).toBeNull();
    expect(calibrationWords(anEnsemble())).toBeNull();
  });

  it('it is said why probabilities have no temperature, and nothing of votes and numbers, which cannot have one', () => {
    const none = { temperature: null, calibratedTestLoss: null };
    expect(calibrationWords(anEnsemble(none))).toBe(
      'No temperature could be fitted to the probabilities: the run has no validation samples.',
    );
    expect(calibrationWords(anEnsemble({ ...none, rule: 'majorityVote', testLoss: null }))).toBeNull();
    expect(calibrationWords(anEnsemble({ ...none, testErrorPct: null, testRmse: 0.7 }))).toBeNull();
  });
});
