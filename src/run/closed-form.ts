import { existsSync } from 'node:fs';
import { AnalyticExecutor } from '../closed-form/executor';
import { indexOfLos, isInside } from '../closed-form/los-graph';
import { makeObjective } from '../closed-form/objectives';
import type { Objective } from '../closed-form/objectives/objective';
import { type TierByTierOutcome, tierByTier } from '../closed-form/tier-by-tier';
import type { AnalyticConfig } from '../config/closed-form';
import { ConfigError, UsageError } from '../errors';
import { writeFiles } from '../store/disk/files';
import { jsonText } from '../store/disk/json-file';
import { type OptimaResult, optimaSchema } from '../store/optima';
import type { MethodEvent } from '../trust-tech/events';
import { VERSION } from '../version';

/**
 * Returns a configuration's objective, and the space in which TRUST-TECH searches it.
 * @throws UsageError or ConfigError when they do not fit each other
 */
export function openAnalytic(config: AnalyticConfig): {
  readonly objective: Objective;
  readonly space: AnalyticExecutor;
} {
  const objective = makeObjective(config.objective);
  return { objective, space: new AnalyticExecutor(objective, { seed: config.seed, flow: config.flow }) };
}

/**
 * Finds a closed-form objective's optima tier by tier, in this process, and writes config.json and result.json of a run
 * directory. A run that fails leaves no directory.
 * @throws UsageError when the directory exists or the metric does not fit; ConfigError, DivergedError when the start
 *   does not fit
 */
export async function runAnalytic(
  config: AnalyticConfig,
  { out, onEvent }: { readonly out: string; readonly onEvent?: (event: MethodEvent) => void },
): Promise<OptimaResult> {
  if (existsSync(out)) throw new UsageError(`${out} exists already: name another directory with --out, or remove it`);
  const begin = performance.now();
  const { objective, space } = openAnalytic(config);
  mustFit(config, objective);
  const outcome = await tierByTier(space, config, onEvent);
  const wallSeconds = (performance.now() - begin) / 1000;
  const result = optimaSchema.parse(resultOf(config, objective, space, outcome, wallSeconds));
  await writeFiles(out, { 'config.json': jsonText(config), 'result.json': jsonText(result) });
  return result;
}

function mustFit({ start }: AnalyticConfig, { dims, box }: Objective): void {
  if (start === null) return;
  if (start.length !== dims) throw new ConfigError(`start must have ${dims} coordinates, got ${start.length}`);
  if (!isInside(box, start)) {
    const box_ = box.lower.map((lower, i) => `[${lower}, ${box.upper[i]}]`).join(' x ');
    throw new ConfigError(`start must lie in the box ${box_}, got ${start.join(', ')}`);
  }
}

function resultOf(
  config: AnalyticConfig,
  { name, dims, box, minima }: Objective,
  { evaluations }: AnalyticExecutor,
  { start, graph, paths, stopped }: TierByTierOutcome,
  wallSeconds: number,
): OptimaResult {
  const inBox = minima.points.filter((x) => isInside(box, x));
  const found = inBox.filter((x) => indexOfLos(graph, x) !== null).length;
  return {
    schema: 1,
    kind: 'optima',
    method: config.method,
    preset: config.preset,
    objective: { name, dims, lower: [...box.lower], upper: [...box.upper] },
    seed: config.seed,
    direction: config.search.direction,
    metric: config.flow.metric,
    mergeTolerance: config.mergeTolerance,
    start: [...start],
    optima: graph.optima.map((los) => ({ ...los, x: [...los.x], exit: los.exit && copied(los.exit) })),
    edges: graph.edges.map(({ from, to, exit }) => ({ from, to, exit: copied(exit) })),
    paths,
    stopped,
    evaluations,
    known: { minima: inBox.length, found, complete: minima.complete },
    versions: { dsptt: VERSION, node: process.versions.node },
    timings: { wallSeconds },
  };
}

function copied<Exit extends { readonly x: readonly number[] }>(exit: Exit) {
  return { ...exit, x: [...exit.x] };
}
