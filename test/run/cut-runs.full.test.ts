import { cutRuns } from '../journals/kept';
import { goesOnFrom } from './cut-runs';

describe('a run of a released version that was interrupted', () => {
  goesOnFrom(cutRuns());
});
