import { stringify } from 'yaml';
import type { ListedModel, ModelList } from '../bridge/workers/models';
import { steps as thousands } from './format';
import { terminalTable } from './render';

/** Lists networks with their sizes and the value of `model` that selects each in a configuration. */
export function modelsTable({ models, matching }: ModelList): string {
  if (models.length === 0) return 'no network has such a name';
  const head = ['network', 'model (in a configuration)', 'parameters, 10 classes', '100 classes'];
  const rows = models.map(({ name, model, parameters10, parameters100, error }) => [
    name,
    error === null ? written(model) : `cannot be built: ${firstLine(error)}`,
    sized(parameters10),
    sized(parameters100),
  ]);
  const more =
    matching > models.length
      ? `\n${matching - models.length} more match: narrow it down with --search, or raise --limit.`
      : '';
  return `${terminalTable({ head, rows, texts: 2 })}\nTrainable parameters on color images of 32 x 32 pixels.${more}`;
}

/** Renders a model as YAML on one line, valid in a configuration file and in `--set model=...`. */
function written({ name, python, args }: ListedModel['model']): string {
  const stated = {
    ...(name !== null && { name }),
    ...(python !== null && { python }),
    ...(Object.keys(args).length > 0 && { args }),
  };
  return stringify(stated, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

function sized(parameters: number | null): string {
  return parameters === null ? '-' : thousands(parameters);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0];
}
