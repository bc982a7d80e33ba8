import { composeReport, reportMarkdown, reportText } from '../../../src/report/page';
import { figuresOf } from '../../../src/report/page/files';
import { aHostileReport, anUnfinishedView, aView } from './a-view';

describe('the report of a run', () => {
  const report = composeReport({ runs: [aView()] });

  it('shows every part that the run has something for', () => {
    const titles = report.chapters[0].sections.map(({ title }) => title);
    expect(titles).toEqual([
      'The run',
      'What was found',
      'The search',
      'Training',
      'Where the budget went',
      'How many members',
      'How different the networks are',
      'How differently the networks answer',
      'Loss barriers',
      'Calibration',
      'Errors by class',
    ]);
  });

  it('states in words what its charts show', () => {
    const descriptions = figuresOf(report).map(({ description }) => description);
    expect(descriptions.every((text) => text.length > 40)).toBe(true);
    expect(descriptions.join('\n')).toContain('tier1-1 at iteration 2 with loss 0.400');
    expect(descriptions.join('\n')).toContain('0.0123 nats (tier1-1 from tier0); 1 of 1 reach 0.01 nats');
    expect(descriptions.join('\n')).toContain('white (33.3 %, 1 of 3)');
  });

  it('leaves out what regression does not have', () => {
    const view = aView();
    const numbers = { ...someNumbers(), columns: 1, perSample: 1 };
    const regression = aView({
      config: { ...view.config, loss: 'meanSquared' },
      outputs: { validation: numbers, test: numbers },
    });
    const titles = composeReport({ runs: [regression] }).chapters[0].sections.map(({ title }) => title);
    expect(titles).toContain('How many members');
    expect(titles).not.toEqual(expect.arrayContaining(['Calibration']));
    expect(titles).not.toEqual(expect.arrayContaining(['Errors by class']));
  });
});

function someNumbers() {
  const outputs = new Map([
    ['tier0', Float32Array.of(1, 2, 3)],
    ['tier1-1', Float32Array.of(2, 2, 2)],
  ]);
  return { targets: Float32Array.of(1, 2, 4), outputs };
}

describe('the report of a run that has not finished', () => {
  it('says so above all else, and shows what there is', () => {
    const { title, chapters } = composeReport({ runs: [anUnfinishedView()] });
    const [first, ...others] = chapters[0].sections;
    const text = expect.stringMatching(/^This run has not finished: .*search of tier 1.*dsptt resume runs\/first/);
    expect(title).toMatch(/\(unfinished\)$/);
    expect(first.blocks[0]).toMatchObject({ kind: 'notice', text });
    expect(others.map(({ id }) => id)).toEqual(['run-search', 'run-training', 'run-budget']);
  });

  it('can be made before anything was trained', () => {
    const nothing = { searches: [], descents: [], note: 'Nothing was trained yet.' };
    const view = anUnfinishedView({ curves: nothing, stretches: [], opened: null });
    const text = reportText(composeReport({ runs: [view] }));
    expect(text).toMatch(/it has made no step yet[\s\S]*Nothing was trained yet\./);
  });
});

describe('the report of several runs', () => {
  const runs = [aView(), aView({ path: 'runs/second' }), anUnfinishedView({ path: 'runs/third' })];

  it('says which are not compared because they have not finished', () => {
    expect(composeReport({ runs }).notices).toEqual(['Not finished, and so not compared: runs/third.']);
  });

  it('lays the curves of each phase that several runs have over each other', () => {
    const { config, curves } = aView();
    const other = { ...config, method: 'independent' as const, seed: 3 };
    const [tier0] = curves.descents;
    const member = aView({
      path: 'runs/second',
      config: other,
      curves: { searches: [], descents: [{ ...tier0, network: 'member1' }], note: null },
    });
    const [{ id, sections }] = composeReport({ runs: [aView(), member] }).chapters;
    expect({ id, sections: sections.map(({ title }) => title) }).toEqual({
      id: 'all',
      sections: ['Curves of the runs'],
    });
    const [figure, ...others] = figuresOf({
      title: '',
      notices: [],
      chapters: [{ id, title: '', isClosed: false, sections }],
    });
    expect(others).toEqual([]);
    expect(figure).toMatchObject({ name: 'curves-tier0', title: 'Training from the start' });
    expect(new Set(Array.from(figure.numbers[0].columns.run))).toEqual(
      new Set(['DSP-TT, seed 0', 'independent, seed 3']),
    );
  });

  it('names curves by their methods where there are more runs than colours', () => {
    const many = Array.from({ length: 8 }, (_, seed) => {
      const { config } = aView();
      const method = seed % 2 === 0 ? ('dsp-tt' as const) : ('random-jump' as const);
      return aView({ path: `runs/${seed}`, config: { ...config, method, seed } });
    });
    const [figure] = figuresOf(composeReport({ runs: many }));
    expect(new Set(Array.from(figure.numbers[0].columns.run))).toEqual(new Set(['DSP-TT', 'random jump']));
  });

  it('gives the charts of each names of their own', () => {
    const names = figuresOf(composeReport({ runs })).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['run1-budget', 'run3-budget']));
  });
});

describe('names that come from data', () => {
  it('are text in Markdown, and stay in their cells', () => {
    const text = reportMarkdown(aHostileReport(), 'figures');
    expect(text.replace('<!-- dsptt report -->', '')).not.toContain('<');
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u202e');
    expect(text).toContain(
      '# &lt;script>alert(1)&lt;/script> &amp; \\*stars\\* \\[link\\](javascript:alert(3)) | \\\\u202e',
    );
    const [row] = text.split('\n').filter((line) => line.startsWith('| Data'));
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(3);
  });

  it('do not move a terminal', () => {
    const text = reportText(aHostileReport());
    expect(text).not.toContain('\u202e');
    expect(text).toContain('<script>alert(1)</script>\\u001b[31m');
  });
});

describe('the report as Markdown', () => {
  it('has its pictures and data beside it', () => {
    const text = reportMarkdown(composeReport({ runs: [aView()] }), 'my figures');
    expect(text).toContain('](my%20figures/budget.svg)');
    expect(text).toContain('[budget.csv](my%20figures/budget.csv)');
    expect(text).toMatch(/^## Calibration$/m);
  });
});

describe('the report for a terminal', () => {
  it('draws lines of blocks, tables, and says the rest in words', () => {
    const text = reportText(composeReport({ runs: [aView()] }));
    expect(text).toMatch(/tier1-1 {2}▁▆█▃ {2}0\.1000 to 0\.2000/);
    expect(text).toMatch(/│ tier-0-1 \(the result\) +│/);
    expect(text).toContain('Bars one after the other along 100 gradient evaluations.');
  });
});
