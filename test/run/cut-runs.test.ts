import path from 'node:path';
import { cutRuns } from '../journals/kept';
import { goesOnFrom } from './cut-runs';

/** One of a training alone, one of a search from a given network; cut-runs.full.test.ts takes the others. */
const FEW = ['single-cut', 'dsp-tt-given-cut'];

describe('a run of 0.1.0 that was interrupted', () => {
  goesOnFrom(cutRuns().filter((name) => FEW.includes(path.basename(name))));
});
