import type { Listed } from './program';

/**
 * All commands, in the order in which help lists them. Loading all of them takes a second (schemas, YAML, sockets), so
 * each module is loaded by `require` when it is needed.
 */
export const COMMANDS: readonly Listed[] = [
  {
    name: 'run',
    description: 'run one method and keep what it finds in a run directory',
    define: (command) => run().runCommand(command),
  },
  {
    name: 'resume',
    description: 'resume a run that was interrupted or whose process died',
    define: (command) => resume().resumeCommand(command),
  },
  {
    name: 'predict',
    description: 'predict new samples with the ensemble of a finished run, as a table of classes and probabilities',
    define: (command) => predict().predictCommand(command),
  },
  {
    name: 'export',
    description: 'write the ensemble of a finished run for other programs, or its curves for a tracker',
    define: (command) => exported().exportCommand(command),
  },
  {
    name: 'compare',
    description: 'compare methods over seeds: run them, or read finished runs',
    define: (command) => compare().compareCommand(command),
  },
  {
    name: 'report',
    description: 'write a report page of one or several runs, finished or not: tables, charts and their data',
    define: (command) => report().reportCommand(command),
  },
  {
    name: 'watch',
    description: 'show a run, or the runs of a folder, in a browser on this machine',
    define: (command) => watch().watchCommand(command),
  },
  {
    name: 'sweep',
    description: 'search tier 1 with every pair of rho1 increment and rho2 (figure 4)',
    define: (command) => sweep().sweepCommand(command),
  },
  {
    name: 'verify-exit',
    description:
      'integrate the gradient system from before and after an exit point, or measure the barriers between members',
    define: (command) => verifyExit().verifyExitCommand(command),
  },
  {
    name: 'reproduce',
    description:
      'reproduce a figure or table of the paper: charts as SVG, numbers as CSV, and whether they agree with it',
    define: (command) => reproduce().reproduceCommand(command),
  },
  {
    name: 'regress',
    description: "compare tables reproduced at full scale with the paper's numbers; exit code 1 if one is worse",
    define: (command) => regress().regressCommand(command),
  },
  {
    name: 'models',
    description: 'list networks by name, with their parameter counts',
    define: (command) => models().modelsCommand(command),
  },
  {
    name: 'keys',
    description: 'create the keys for a worker on another machine and its clients',
    define: (command) => keys().keysCommand(command),
  },
  {
    name: 'doctor',
    description: 'check Node, Python, packages, devices and ZeroMQ, and print a remedy for what fails',
    define: (command) => doctor().doctorCommand(command),
  },
  {
    name: 'setup',
    description: 'create the Python environment with PyTorch, if it is missing',
    define: (command) => setup().setupCommand(command),
  },
  {
    name: 'config',
    description: 'print the configuration that a run would have, and with --explain the origin of each value',
    define: (command) => config().configCommand(command),
  },
  {
    name: 'init',
    description: 'write a configuration file with all options that a method reads, each explained',
    define: (command) => init().initCommand(command),
  },
  {
    name: 'completion',
    description: 'print a script that lets a shell complete commands, options and their values',
    define: (command) => completion().completionCommand(command, COMMANDS),
  },
  {
    name: 'quickstart',
    description: 'find tier-1 optima of a small network on real images, and compare with other ensemble methods',
    define: (command) => quickstart().quickstartCommand(command),
  },
];

const run = (): typeof import('./commands/run') => require('./commands/run');
const resume = (): typeof import('./commands/resume') => require('./commands/resume');
const predict = (): typeof import('./commands/predict') => require('./commands/predict');
const exported = (): typeof import('./commands/export') => require('./commands/export');
const compare = (): typeof import('./commands/compare') => require('./commands/compare');
const report = (): typeof import('./commands/report') => require('./commands/report');
const watch = (): typeof import('./commands/watch') => require('./commands/watch');
const sweep = (): typeof import('./commands/sweep') => require('./commands/sweep');
const verifyExit = (): typeof import('./commands/verify-exit') => require('./commands/verify-exit');
const reproduce = (): typeof import('./commands/reproduce') => require('./commands/reproduce');
const regress = (): typeof import('./commands/regress') => require('./commands/regress');
const models = (): typeof import('./commands/models') => require('./commands/models');
const keys = (): typeof import('./commands/keys') => require('./commands/keys');
const doctor = (): typeof import('./commands/doctor') => require('./commands/doctor');
const quickstart = (): typeof import('./commands/quickstart') => require('./commands/quickstart');
const config = (): typeof import('./commands/config') => require('./commands/config');
const init = (): typeof import('./commands/init') => require('./commands/init');
const completion = (): typeof import('./commands/completion') => require('./commands/completion');
const setup = (): typeof import('./commands/setup') => require('./commands/setup');
