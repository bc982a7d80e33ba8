import { isPresetName } from '../config/presets';

const TRAINING = ['run', 'compare', 'sweep'];

/**
 * Reports whether a valid command line would start a local worker, so that the worker can import torch while the
 * configuration is still being read. Returns false if that cannot be told at a glance, and for quickstart, which may
 * have to install its Python first.
 */
export function needsWorker(argv: readonly string[]): boolean {
  if (argv.some((argument) => /^(-h|--help|help|(--worker|--on)(=.*)?)$/.test(argument))) return false;
  return argv.some((argument) => TRAINING.includes(argument)) && isPresetName(presetOf(argv));
}

function presetOf(argv: readonly string[]): string {
  const place = argv.findIndex((argument) => /^--preset(=|$)/.test(argument));
  const [, ...named] = (argv[place] ?? '').split('=');
  return named.length > 0 ? named.join('=') : (argv[place + 1] ?? '');
}
