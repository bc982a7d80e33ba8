import { neededFiles } from '../../../scripts/gpu/packing/needed';

describe('what of node_modules goes to a CUDA machine', () => {
  it('is what Node and pythonia load, and every licence', () => {
    const loaded = ['a/index.js', 'a/lib/x.cjs', 'b/package.json', 'pythonia/src/interface.py', '@c/d/dist/e.mjs'];
    const licences = ['a/LICENSE', 'b/licence.md', '@c/d/NOTICE.txt', 'a/COPYING'];
    expect(neededFiles([...loaded, ...licences])).toEqual([...loaded, ...licences]);
  });

  it('is no map, type, document, source of an addon, or test', () => {
    const files = [
      'a/index.js.map',
      'a/index.d.ts',
      'a/README.md',
      'zeromq/src/socket.cc',
      'a/test/x.js',
      '@c/d/docs/x.js',
    ];
    expect(neededFiles(files)).toEqual([]);
  });

  it('is a folder called test that lies deeper in a program, or in a package of a package', () => {
    expect(neededFiles(['a/lib/test/x.js', 'a/node_modules/b/test/x.js'])).toEqual(['a/lib/test/x.js']);
  });

  it("is one of zeromq's addons: that of Linux x64 which is loaded first", () => {
    const build = 'zeromq/build';
    const addon = `${build}/linux/x64/node/glibc-127-Release/addon.node`;
    const others = ['linux/arm64/node/glibc-127-Release', 'linux/x64/node/musl-127-Release', 'darwin/x64/node/115'];
    const files = [`${build}/manifest.json`, addon, ...others.map((other) => `${build}/${other}/addon.node`)];
    expect(neededFiles(files)).toEqual([`${build}/manifest.json`, addon]);
  });

  it('is the minified file only where the full one is not there', () => {
    expect(neededFiles(['a/x.js', 'a/x.min.js', 'a/y.min.js'])).toEqual(['a/x.js', 'a/y.min.js']);
  });
});
