import { composeReport } from '../../../src/report/page';
import type { Report } from '../../../src/report/page/section';
import type { NetworkView } from '../../../src/report/run-view';
import type { KeptOutputs } from '../../../src/store/outputs';
import { tinyConfig } from '../../builders';
import { aMember, anEnsemble, aResult } from '../../store/a-result';

/** What two networks answered to four samples of two classes; the second sample is answered wrong by both. */
export function someOutputs(): KeptOutputs {
  const outputs = new Map([
    ['tier0', Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.2, 0.8, 0.3, 0.7)],
    ['tier1-1', Float32Array.of(0.7, 0.3, 0.8, 0.2, 0.6, 0.4, 0.1, 0.9)],
  ]);
  return { targets: Float32Array.of(0, 1, 1, 1), outputs, columns: 2, perSample: 1 };
}

/** A finished DSP-TT run of two networks, one search path and a few steps, with all that a report shows. */
export function aView(over: Partial<NetworkView> = {}): NetworkView {
  const exit = {
    step: 2,
    rho1: 0.5,
    distance: 1.5,
    cosine: 0.98,
    startLoss: 0.1,
    peakLoss: 0.4,
    overrun: 0,
    barrier: null,
  };
  const members = [
    aMember({ testErrorPct: 25 }),
    aMember({ name: 'tier1-1', tier: 1, parent: 'tier0', round: 1, exit, barrierToParent: 0.0123, testErrorPct: 50 }),
  ];
  const ensembles = [anEnsemble(), anEnsemble({ name: 'tier-0-1', members: ['tier0', 'tier1-1'], testErrorPct: 25 })];
  const [near, far] = [0.91, 3.25];
  const pairs = {
    names: ['tier0', 'tier1-1'],
    outputCorrelation: [
      [1, near],
      [near, 1],
    ],
    parameterDistance: [
      [0, far],
      [far, 0],
    ],
    disagreementPct: [
      [0, 25],
      [25, 0],
    ],
    barrier: [
      [0, 0.0123],
      [0.0123, 0],
    ],
  };
  const result = aResult({ method: 'dsp-tt', members, ensembles, pairs, result: 'tier-0-1' });
  const search = {
    tier: 1,
    path: ['tier1-1', 'tier1-1', 'tier1-1', 'tier1-1'],
    round: [1, 1, 1, 1],
    rho1: [0.1, 0.3, 0.5, 0.5],
    loss: [0.1, 0.3, 0.4, 0.2],
    norm: [0.4, 0.9, 1.5, 1.5],
    exits: [{ path: 'tier1-1', step: 2 }],
    decay: 0,
  };
  const descent = (network: string) => ({
    network,
    step: [0, 1, 2],
    lr: [0.1, 0.1, 0.05],
    loss: [0.9, 0.5, 0.2],
    validation: [],
  });
  return {
    kind: 'network',
    path: 'runs/first',
    config: tinyConfig({ method: 'dsp-tt' }),
    header: null,
    records: [],
    opened: {
      parameters: 10,
      stepsPerEpoch: 3,
      samples: { train: 9, validation: 4, test: 4 },
      classes: ['red', 'white'],
      device: 'cpu',
      deviceName: 'CPU',
      threads: 1,
      notices: [],
    },
    result,
    times: { begun: Date.UTC(2026, 0, 2, 3, 4), written: Date.UTC(2026, 0, 2, 3, 5) },
    curves: { searches: [search], descents: [descent('tier0'), descent('tier1-1')], note: null },
    stretches: [
      { kind: 'training', name: 'tier0', steps: 60, seconds: 1 },
      { kind: 'search', name: 'search of tier 1', steps: 4, seconds: 0.5 },
      { kind: 'training', name: 'tier1-1', steps: 36, seconds: 0.75 },
      { kind: 'evaluation', name: 'evaluation', steps: 0, seconds: 0.25 },
    ],
    outputs: { validation: someOutputs(), test: someOutputs() },
    ...over,
  };
}

/** The same run before it has finished. */
export function anUnfinishedView(over: Partial<NetworkView> = {}): NetworkView {
  const { stretches } = aView();
  return aView({ result: null, outputs: { validation: null, test: null }, stretches: stretches.slice(0, 2), ...over });
}

/** A report in which everything that comes from data is what a page, Markdown or a terminal would obey. */
export function aHostileReport(): Report {
  const name = '<script>alert(1)</script>';
  const { config, opened } = aView();
  if (opened === null) throw new Error('a view has its data open');
  const classes = [name, '"><img src=x onerror=alert(2)>'];
  const run = aView({
    config: { ...config, dataset: { ...config.dataset, name } },
    opened: { ...opened, classes, deviceName: `${name}\u001b[31m` },
  });
  const title = `${name} & *stars* [link](javascript:alert(3)) | \u202e`;
  return composeReport({ runs: [run], title });
}
