import type { Listed } from './program';

/**
 * In the order in which help lists them. Loading them all takes a second (schemas, YAML, sockets), so that a `require` at
 * the moment of need stands for an import.
 */
export const COMMANDS: readonly Listed[] = [
  {
    name: 'run',
    description: 'run one method and keep what it finds in a run directory',
    define: (command) => run().runCommand(command),
  },
  {
    name: 'resume',
    description: 'go on with a run that was interrupted, or whose process died',
    define: (command) => resume().resumeCommand(command),
  },
  {
    name: 'predict',
    description: 'let the ensemble of a finished run predict new samples, as a table of classes and probabilities',
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
    description: 'make a page of one run, finished or not, or of several: tables, charts and their data',
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
    description: 'make a figure or table of the paper: pictures as SVG, numbers as CSV, and whether they agree with it',
    define: (command) => reproduce().reproduceCommand(command),
  },
  {
    name: 'regress',
    description: "hold tables reproduced at full scale against the paper's numbers; ends with 1 where one is worse",
    define: (command) => regress().regressCommand(command),
  },
  {
    name: 'models',
    description: 'list networks by name, with their parameter counts',
    define: (command) => models().modelsCommand(command),
  },
  {
    name: 'keys',
    description: 'make the keys for a worker on another machine and its clients',
    define: (command) => keys().keysCommand(command),
  },
  {
    name: 'doctor',
    description: 'check Node, Python, packages, devices and ZeroMQ, and say what to do about what fails',
    define: (command) => doctor().doctorCommand(command),
  },
  {
    name: 'setup',
    description: 'make the Python environment with PyTorch, where it is not there yet',
    define: (command) => setup().setupCommand(command),
  },
  {
    name: 'config',
    description: 'print the configuration that a run would have, with the origin of each value where asked for',
    define: (command) => config().configCommand(command),
  },
  {
    name: 'init',
    description: 'write a configuration file with all options that a method reads, each explained',
    define: (command) => init().initCommand(command),
  },
  {
    name: 'completion',
    description: 'print a script that lets a shell complete commands, options and what can be chosen',
    define: (command) => completion().completionCommand(command, COMMANDS),
  },
  {
    name: 'quickstart',
    description: 'find tier-1 optima of a small network on real images, and compare with the other ways to an ensemble',
    define: (command) => quickstart().quickstartCommand(command),
  },
];

const run = (): typeof import('./run') => require('./run');
const resume = (): typeof import('./resume') => require('./resume');
const predict = (): typeof import('./predict') => require('./predict');
const exported = (): typeof import('./export') => require('./export');
const compare = (): typeof import('./compare') => require('./compare');
const report = (): typeof import('./report') => require('./report');
const watch = (): typeof import('./watch') => require('./watch');
const sweep = (): typeof import('./sweep') => require('./sweep');
const verifyExit = (): typeof import('./verify-exit') => require('./verify-exit');
const reproduce = (): typeof import('./reproduce') => require('./reproduce');
const regress = (): typeof import('./regress') => require('./regress');
const models = (): typeof import('./models') => require('./models');
const keys = (): typeof import('./keys') => require('./keys');
const doctor = (): typeof import('./doctor') => require('./doctor');
const quickstart = (): typeof import('./quickstart') => require('./quickstart');
const config = (): typeof import('./config') => require('./config');
const init = (): typeof import('./init') => require('./init');
const completion = (): typeof import('./completion') => require('./completion');
const setup = (): typeof import('./setup') => require('./setup');
