import fc from 'fast-check';
import { type DetectorOptions, type DetectorState, newDetector, observe } from '../../src/trust-tech/exit-detector';

/** No memory, so that the average is the loss itself. */
const plain: DetectorOptions = { decay: 0, minRise: 0.5, buffer: 3, drop: 0.5 };

function statesOf(losses: readonly number[], options: DetectorOptions, start = 1): DetectorState[] {
  const states: DetectorState[] = [];
  for (const loss of losses) states.push(observe(states.at(-1) ?? newDetector(start), loss, options));
  return states;
}

function lastOf(losses: readonly number[], options: DetectorOptions, start = 1): DetectorState {
  return statesOf(losses, options, start).at(-1) ?? newDetector(start);
}

const phasesOf = (losses: readonly number[], options = plain, start = 1) =>
  statesOf(losses, options, start).map(({ phase }) => phase);

const optionsArbitrary = fc.record({
  decay: fc.constantFrom(0, 0.5, 0.9, 0.95),
  minRise: fc.constantFrom(0.05, 0.1, 0.5),
  buffer: fc.integer({ min: 0, max: 5 }),
  drop: fc.constantFrom(0.1, 0.3, 0.5, 1),
});
/** Finite losses in steps of 2^-10: sums and differences of them are exact. */
const dyadic = fc.integer({ min: -4096, max: 4096 }).map((k) => k / 1024);
const anyDouble = fc.oneof({ weight: 20, arbitrary: dyadic }, { weight: 1, arbitrary: fc.double() });

describe('the exit detector', () => {
  it('climbs, descends once no maximum came for `buffer` steps, and has exited once `drop` of the rise is lost', () => {
    expect(phasesOf([1, 2, 3, 2.9, 2.9, 2.9, 2.1, 2, 3])).toEqual([
      ...['climbing', 'climbing', 'climbing', 'climbing', 'climbing'],
      ...['descending', 'descending', 'exited', 'exited'],
    ]);
  });

  it('stays climbing while the average does not stand more than minRise above the start', () => {
    expect(new Set(phasesOf([1.5, 1.3, 1.3, 1.3, 1, 1]))).toEqual(new Set(['climbing']));
    expect(phasesOf([1.501, 1.3, 1.3, 1.3])).toEqual(['climbing', 'climbing', 'climbing', 'descending']);
  });

  it('takes a path whose loss only falls for one that never climbed', () => {
    expect(new Set(phasesOf([0.9, 0.5, 0.2, 0.1, 0.1, 0.1, 0.1]))).toEqual(new Set(['climbing']));
  });

  it('returns to climbing at a new maximum while descending', () => {
    expect(phasesOf([3, 2.9, 2.9, 2.9, 3.1, 3, 3, 3])).toEqual([
      ...['climbing', 'climbing', 'climbing', 'descending'],
      ...['climbing', 'climbing', 'climbing', 'descending'],
    ]);
  });

  it('does not take an equal value for a new maximum', () => {
    const state = lastOf([1, 3, 3, 3, 3], plain);
    expect(state).toMatchObject({ phase: 'descending', peak: { step: 1, rise: 2 } });
  });

  it('has the exit point at the step of the maximum, counted from 0', () => {
    expect(lastOf([1, 2, 3, 2.9, 2.9, 2.9, 1.5], plain)).toMatchObject({
      phase: 'exited',
      steps: 7,
      peak: { step: 2, rise: 2 },
    });
  });

  it('keeps what it saw when the loss is not a finite number, and has diverged', () => {
    for (const loss of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(lastOf([1, 2, loss], plain)).toMatchObject({ phase: 'diverged', steps: 3, peak: { step: 1, rise: 1 } });
    }
  });

  it('diverges from descending too', () => {
    expect(phasesOf([3, 2.9, 2.9, 2.9, Number.NaN]).at(-1)).toBe('diverged');
  });

  it('changes nothing any more once it has exited or diverged', () => {
    fc.assert(
      fc.property(fc.double(), (loss) => {
        const exited = lastOf([3, 2, 2, 1], plain);
        const diverged = lastOf([3, Number.NaN], plain);
        expect(exited.phase).toBe('exited');
        expect(observe(exited, loss, plain)).toBe(exited);
        expect(observe(diverged, loss, plain)).toBe(diverged);
      }),
    );
  });
});

describe('its moving average', () => {
  it('is bias-corrected: the first rise is the first loss less the start', () => {
    const state = lastOf([3.5], { ...plain, decay: 0.95 });
    expect(state.rise).toBeCloseTo(2.5, 12);
    expect(state.peak).toEqual({ rise: state.rise, step: 0 });
  });

  it('is the mean of all losses, weighted by powers of the decay', () => {
    const losses = [3, 1, 4, 1, 5, 9, 2, 6];
    const decay = 0.8;
    const weights = losses.map((_, k) => decay ** (losses.length - 1 - k));
    const total = weights.reduce((sum, weight) => sum + weight);
    const mean = losses.reduce((sum, loss, k) => sum + (loss * weights[k]) / total, 0);
    expect(lastOf(losses, { ...plain, decay, buffer: 100 }).rise).toBeCloseTo(mean - 1, 12);
  });

  it('with decay 0 is the last loss', () => {
    for (const [k, state] of statesOf([2, 0.5, 1.75], plain).entries()) expect(state.rise).toBe([1, -0.5, 0.75][k]);
  });
});

describe('laws of the detector', () => {
  it('sees no difference when a constant is added to the start and to all losses', () => {
    fc.assert(
      fc.property(
        fc.array(dyadic, { maxLength: 60 }),
        dyadic,
        dyadic,
        optionsArbitrary,
        (losses, start, by, options) => {
          const shifted = losses.map((loss) => loss + by);
          expect(phasesOf(shifted, options, start + by)).toEqual(phasesOf(losses, options, start));
        },
      ),
    );
  });

  it('answers any sequence of doubles, and moves along the drawn edges only', () => {
    const edges: Record<DetectorState['phase'], readonly DetectorState['phase'][]> = {
      // A path whose average falls while the buffer runs has exited at the buffer's end.
      climbing: ['climbing', 'descending', 'exited', 'diverged'],
      descending: ['descending', 'climbing', 'exited', 'diverged'],
      exited: ['exited'],
      diverged: ['diverged'],
    };
    fc.assert(
      fc.property(fc.array(anyDouble, { maxLength: 60 }), fc.double(), optionsArbitrary, (losses, start, options) => {
        let phase: DetectorState['phase'] = 'climbing';
        for (const next of phasesOf(losses, options, start)) {
          expect(edges[phase]).toContain(next);
          phase = next;
        }
      }),
    );
  });

  it('goes from descending back to climbing only at a new maximum', () => {
    fc.assert(
      fc.property(fc.array(dyadic, { maxLength: 60 }), optionsArbitrary, (losses, options) => {
        const states = statesOf(losses, options);
        for (const [k, state] of states.entries()) {
          if (k === 0 || states[k - 1].phase !== 'descending' || state.phase !== 'climbing') continue;
          expect(state.peak.step).toBe(k);
        }
      }),
    );
  });

  it('lets a path exit only after a rise above minRise, `buffer` steps past it, with `drop` of it lost', () => {
    let exits = 0;
    fc.assert(
      fc.property(fc.array(dyadic, { maxLength: 60 }), optionsArbitrary, (losses, options) => {
        const state = lastOf(losses, options);
        if (state.phase !== 'exited') return;
        exits += 1;
        expect(state.peak.rise).toBeGreaterThan(options.minRise);
        expect(state.steps - 1 - state.peak.step).toBeGreaterThanOrEqual(options.buffer);
        expect(state.peak.rise - state.rise).toBeGreaterThanOrEqual(options.drop * state.peak.rise - 1e-12);
      }),
      { numRuns: 300 },
    );
    expect(exits).toBeGreaterThan(50);
  });

  it('keeps the largest average and its step', () => {
    fc.assert(
      fc.property(fc.array(dyadic, { minLength: 1, maxLength: 60 }), optionsArbitrary, (losses, options) => {
        const states = statesOf(losses, options);
        const { peak, steps } = states[states.length - 1];
        const rises = states.slice(0, steps).map(({ rise }) => rise);
        expect(peak.rise).toBe(Math.max(...rises));
        expect(peak.step).toBe(rises.indexOf(peak.rise));
      }),
    );
  });
});
