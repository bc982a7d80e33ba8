import type { ListedModel } from '../../src/bridge/workers/models';
import { modelsTable } from '../../src/report/models';

const listed = (over: Partial<ListedModel>): ListedModel => ({
  name: 'VGG-16',
  model: { name: 'vgg', python: null, args: {}, weights: null },
  parameters10: 15_245_130,
  parameters100: 15_291_300,
  error: null,
  ...over,
});

describe('the table of networks', () => {
  it('shows how a configuration states each, in a line that --set model=... takes', () => {
    const python = {
      name: null,
      python: 'timm:create_model',
      args: { model_name: 'vgg11', num_classes: 10 },
      weights: null,
    };
    const table = modelsTable({ models: [listed({}), listed({ name: 'vgg11', model: python })], matching: 2 });
    expect(table).toContain('{ name: vgg } ');
    expect(table).toContain('{ python: timm:create_model, args: { model_name: vgg11, num_classes: 10 } }');
    expect(table).toContain('10 classes: 15,245,130; 100 classes: 15,291,300.');
    expect(table).not.toContain('more match');
  });

  it('says why a network cannot be built, in one line', () => {
    const broken = listed({ parameters10: null, parameters100: null, error: 'it raised ValueError: no\nmore of it' });
    const table = modelsTable({ models: [broken], matching: 1 });
    expect(table).toMatch(/│ cannot be built: it raised ValueError: no +│ +- │/);
    expect(table).not.toContain('more of it');
  });

  it('says how many more there are, and when there is none', () => {
    expect(modelsTable({ models: [listed({})], matching: 10 })).toMatch(
      /^9 more match: .*--search, or raise --limit\.$/m,
    );
    expect(modelsTable({ models: [], matching: 0 })).toBe('no network has such a name');
  });
});
