import { withoutPlace } from '../../src/config/difference';
import { resolveConfig } from '../../src/config/resolve';
import type { ConfigInput } from '../../src/config/schema';
import { solverOf } from '../../src/executor/pending-descent';
import { fitCalibration } from '../../src/trust-tech/auto';

const resolved = (values: ConfigInput) => resolveConfig([{ from: 'test', values: { preset: 'wine', ...values } }]);

describe('clipping of gradients', () => {
  it('is off by default: solvers are sent, and runs are hashed, as in versions without it', () => {
    const { localSolver } = resolved({});
    expect(solverOf(localSolver)).not.toHaveProperty('clipNorm');
    expect(withoutPlace(resolved({}))).not.toHaveProperty('localSolver.clipNorm');
    expect(withoutPlace(resolved({ localSolver: { clipNorm: 1 } }))).toHaveProperty('localSolver.clipNorm', 1);
  });

  it('is sent with the solver, and with that of the calibration where this is the local one', () => {
    const { localSolver, dspTt } = resolved({
      localSolver: { clipNorm: 2 },
      dspTt: { calibration: { solver: 'auto' } },
    });
    expect(solverOf(localSolver)).toHaveProperty('clipNorm', 2);
    expect(solverOf(fitCalibration(dspTt.calibration, localSolver))).toHaveProperty('clipNorm', 2);
  });

  it('is refused at a length of 0', () => {
    expect(() => resolved({ localSolver: { clipNorm: 0 } })).toThrow(/^localSolver\.clipNorm must be > 0, got 0/);
  });
});
