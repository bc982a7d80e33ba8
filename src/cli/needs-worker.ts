import { isPresetName } from '../config/presets';

const TRAINING = ['run', 'compare', 'sweep'];

/**
 * Whether a command line will, unless something is wrong with it, start a worker of our own on this machine: then the
 * worker may import torch while the configuration is still being read. False where that cannot be told at a glance, and
 * for quickstart, which may have to make its Python first.
 */
export function needsWorker(argv: readonly string[]): boolean {
  if (argv.some((argument) => /^(-h|--help|help|--worker(=.*)?)$/.test(argument))) return false;
  return argv.some((argument) => TRAINING.includes(argument)) && isPresetName(presetOf(argv));
}

function presetOf(argv: readonly string[]): string {
  const place = argv.findIndex((argument) => /^--preset(=|$)/.test(argument));
  const [, ...named] = (argv[place] ?? '').split('=');
  return named.length > 0 ? named.join('=') : (argv[place + 1] ?? '');
}
