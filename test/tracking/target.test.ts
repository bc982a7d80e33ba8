import { UsageError } from '../../src/errors';
import { trackerTargets } from '../../src/tracking/target';

describe('trackers on a command line', () => {
  it('are one, or several with commas between', () => {
    expect(trackerTargets('tensorboard:runs/curves')).toEqual([{ kind: 'tensorboard', place: 'runs/curves' }]);
    expect(trackerTargets('tensorboard:a, mlflow:http://127.0.0.1:5000')).toEqual([
      { kind: 'tensorboard', place: 'a' },
      { kind: 'mlflow', place: 'http://127.0.0.1:5000' },
    ]);
  });

  it.each(['', 'tensorboard', 'mlflow:', 'wandb:x', 'tensorboard:a,'])('are not %j', (text) => {
    expect(() => trackerTargets(text)).toThrow(UsageError);
  });
});
