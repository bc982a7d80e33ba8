import { tier0 } from './blocks/tier0';
import { ensembleOf, type Method } from './method';

/** One network, trained with the whole budget: what every ensemble of the same budget must beat. */
export const single: Method = async (context) => {
  const { candidate, traces } = await tier0(context, context.steps);
  const spent = { steps: context.steps, tier0: context.steps, search: 0 };
  return { candidates: [candidate], ensembles: [ensembleOf('single', [candidate])], result: 'single', spent, traces };
};
