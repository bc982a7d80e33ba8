import { barriersTable } from '../../src/report/verification';

const between = (...barriers: number[]) =>
  barriersTable(
    barriers.map((barrier, k) => ({ from: 'tier0', to: `tier1-${k}`, barrier })),
    0.01,
  ).replaceAll('\n', ' ');

describe('the words on barriers between members', () => {
  it('say that nothing was shown where no barrier is high', () => {
    expect(between(0.001, 0.002)).toContain(
      'No barrier of 0.01 or more on 2 segments: nothing shows that these networks are different optima.',
    );
  });

  it('say of how many segments the ends are different optima, and of how many nothing is shown', () => {
    expect(between(0.5, 0.002)).toContain('1 of 2 segments has a barrier of 0.01 or more');
    expect(between(0.5, 0.002)).toContain('nothing shows it of the other 1.');
    expect(between(0.5, 0.3)).toMatch(/2 of 2 segments have a barrier of 0.01 or more: .* are different optima\.$/);
  });
});
