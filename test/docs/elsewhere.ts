/** Commands of README and docs that a test of its own runs, so that the pages' commands need not take that long. */
export interface Elsewhere {
  /** The whole line, without what is set before it. */
  readonly lines: RegExp;
  /** Where this is run. */
  readonly test: string;
  /** What stands there. */
  readonly says: string;
}

const CI = '.ci/run';
const BROWSER = 'test/browser/watch.full.test.ts';
const PACKAGE = 'test/package/package.full.test.ts';
const REPRODUCE = 'test/cli/commands/reproduce.full.test.ts';
const HOSTILE = 'test/bridge/hostile.full.test.ts';
const ACCEPT = 'test/scripts/gpu/acceptance.full.test.ts';
const REMOTE = 'test/cli/remote.full.test.ts';
const BENCH = 'test/scripts/bench/main.full.test.ts';
const SETUP = 'test/scripts/setup.test.ts';

export const ELSEWHERE: readonly Elsewhere[] = [
  { lines: /^npm run quickstart$|dsptt quickstart$/, test: CI, says: 'npm run quickstart' },
  { lines: /^npm test$/, test: CI, says: 'stage test npm test' },
  { lines: /^npm run test:full$/, test: CI, says: 'npm run test:full' },
  { lines: /^npm run test:engines$/, test: 'package.json', says: '"test:engines": "jest' }, // minutes, with a network
  { lines: /^npm run test:soak$/, test: 'package.json', says: '"DSPTT_SOAK=1 npm run test:full"' }, // hours of the same
  { lines: /^npm run (lint|types|build)$/, test: CI, says: 'beside.js lint types build' },
  { lines: /^npm run docs$/, test: 'test/docs/references.test.ts', says: 'references()' }, // in the test's process
  { lines: /^npm (install|install --global) dsptt$/, test: PACKAGE, says: 'installed.install()' },
  { lines: /^npm pack$/, test: 'test/package/packed.ts', says: "'pack'" },
  { lines: /^npx dsptt setup$/, test: PACKAGE, says: "['dsptt', 'setup']" },
  { lines: /^npm (ci|run setup)$/, test: SETUP, says: "['ci']" },
  { lines: /^npm install onnxruntime-node$/, test: 'package.json', says: '"onnxruntime-node": "1' }, // as ours
  { lines: /reproduce fig2$/, test: 'test/cli/commands/reproduce.test.ts', says: 'fig2' },
  { lines: /reproduce (fig(3|4)\S*|table1)( --seed 1)?$/, test: REPRODUCE, says: "'reproduce', name, '--quick'" },
  { lines: /reproduce table2 --dataset cifar10 /, test: REPRODUCE, says: "'reproduce', 'table2'" }, // at scale smoke
  { lines: /reproduce memory/, test: REPRODUCE, says: "'reproduce', 'memory'" },
  { lines: /regress reproduced/, test: 'test/cli/commands/regress.test.ts', says: "'regress'" }, // on made-up results
  { lines: /dsptt watch /, test: 'test/browser/live-view.ts', says: "'watch', runs, '--no-open'" },
  { lines: / --watch$/, test: BROWSER, says: '--watch' },
  { lines: /dsptt run --worker /, test: REMOTE, says: "'--worker', daemon.address" },
  { lines: /^python -m dsptt_worker /, test: 'test/bridge/remote-worker.ts', says: '--listen' },
  { lines: /^python -m dsptt$/, test: 'test/bridge/workers/python-program.test.ts', says: 'dsptt' },
  { lines: / --to mlflow$/, test: 'test/cli/trackers.full.test.ts', says: "'--to', 'mlflow'" },
  { lines: / compile=true /, test: 'python/tests/steps/test_cuda.py', says: 'compile=True' }, // where there is a GPU
  { lines: /compare .* --set "dataset=/, test: 'test/paper/cifar-excerpt.full.test.ts', says: 'cifar10-sample' },
  { lines: /dsptt resume runs\/branches$/, test: 'test/scripts/new-method.full.test.ts', says: "'resume'" },
  { lines: /scripts\/first-run\.ts$/, test: 'test/scripts/first-run.test.ts', says: 'first-run.ts' },
  { lines: /scripts\/examples\/new-method\.ts$/, test: 'test/scripts/new-method.full.test.ts', says: 'new-method.ts' },
  {
    lines: /dsptt models --zoo pytorchcv --search resnet$/,
    test: 'test/cli/commands/models.test.ts',
    says: "'pytorchcv'",
  },
  { lines: /^npm run bench:bridge$/, test: ACCEPT, says: "'bench-bridge'" },
  { lines: /^npm run bench($| )/, test: BENCH, says: "bench('--quick'" }, // some of them, one pair each
  { lines: /bench\/many-workers\.ts /, test: BENCH, says: "'many-workers.ts', ['2', '1']" }, // fewer and shorter
  { lines: /^npm run test:faults -- (decoders|live|load) /, test: HOSTILE, says: 'loadWorker' }, // fewer rounds
  { lines: /^npm run test:faults -- kills /, test: 'test/scripts/faults.full.test.ts', says: 'kills.play' }, // fewer
  { lines: /^scripts\/gpu\/pack |^dsptt-gpu\/accept /, test: ACCEPT, says: 'unpacked.accept' }, // on a CPU
  { lines: /^python unpack\.py /, test: ACCEPT, says: 'unpack.py' }, // on images of its own
];

/** Measurements of minutes, which hold nothing that a program's user needs: run by hand when their numbers are. */
export const MEASURED: readonly RegExp[] = [
  /^npm run bench:durability/,
  /^npx ts-node -T scripts\/bench\/live-view\.ts /,
  /^python scripts\/bench\/python\/limits\.py$/,
  /^node scripts\/python\.js scripts\/results\/auto\/tables\.py /,
  /^npx ts-node -T scripts\/results\/auto\.ts /, // needs MNIST
];
