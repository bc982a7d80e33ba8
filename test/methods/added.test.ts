import { UsageError } from '../../src/errors';
import { addMethod, findMethod, METHODS, titleOfMethod } from '../../src/methods';

describe("a script's own method", () => {
  const entry = { ...METHODS.single, title: 'my own' };

  it('is found by its name once it was added, and only then', () => {
    expect(() => findMethod('mine')).toThrow(/^unknown method 'mine'; known: dsp-tt, .*\(a script's own method/);
    expect(titleOfMethod('mine')).toBe('mine');
    addMethod('mine', entry);
    expect(findMethod('mine')).toBe(entry);
    expect(titleOfMethod('mine')).toBe('my own');
  });

  it('takes no name that a method has, nor one that every object has', () => {
    addMethod('toString', entry);
    expect(findMethod('toString')).toBe(entry);
    for (const name of ['toString', 'dsp-tt']) expect(() => addMethod(name, entry)).toThrow(UsageError);
  });
});
