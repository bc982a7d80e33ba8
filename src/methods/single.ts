import { tier0 } from './blocks/tier0';
import { ensembleOf, type Method, type MethodFile } from './method';

/** One network, trained with the whole budget: what every ensemble of the same budget must beat. */
const run: Method = async (context) => {
  const { candidate, traces } = await tier0(context, context.steps);
  const spent = { steps: context.steps, tier0: context.steps, search: 0 };
  return { candidates: [candidate], ensembles: [ensembleOf('single', [candidate])], result: 'single', spent, traces };
};

export const method = {
  run,
  title: 'one network',
  options: {},
  reads: [],
  smoke: {},
  takesTier0: true,
  takesEma: true,
  stopsEarly: true,
  networks: () => 1,
} as const satisfies MethodFile<Record<never, never>>;
