/** A file that a data set's authors publish. */
export interface Archive {
  readonly url: string;
  /** File name in the data directory. */
  readonly file: string;
  /** The unpacked file or folder; if it exists, the archive is not needed. */
  readonly unpacked: string;
  readonly bytes: number;
  /** Checksum published by the authors, or by the mirror that has the files now; lower case. */
  readonly md5: string;
}

const CIFAR = 'https://www.cs.toronto.edu/~kriz';
// yann.lecun.com answers 403 to programs: this is the Common Visual Data Foundation's copy of the same files.
const MNIST = 'https://storage.googleapis.com/cvdf-datasets/mnist';
const FASHION = 'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion';

/** Archives of each data set that can be downloaded, by the data set's name. */
export const ARCHIVES: ReadonlyMap<string, readonly Archive[]> = new Map([
  [
    'cifar10',
    [
      {
        url: `${CIFAR}/cifar-10-binary.tar.gz`,
        file: 'cifar-10-binary.tar.gz',
        unpacked: 'cifar-10-batches-bin',
        bytes: 170_052_171,
        md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      },
    ],
  ],
  [
    'cifar100',
    [
      {
        url: `${CIFAR}/cifar-100-binary.tar.gz`,
        file: 'cifar-100-binary.tar.gz',
        unpacked: 'cifar-100-binary',
        bytes: 168_513_733,
        md5: '03b5dce01913d631647c71ecec9e9cb8',
      },
    ],
  ],
  [
    'mnist',
    [
      idx(MNIST, 'train-images-idx3-ubyte', 9_912_422, 'f68b3c2dcbeaaa9fbdd348bbdeb94873'),
      idx(MNIST, 'train-labels-idx1-ubyte', 28_881, 'd53e105ee54ea40749a09fcbcd1e9432'),
      idx(MNIST, 't10k-images-idx3-ubyte', 1_648_877, '9fb629c4189551a2d022fa330f9573f3'),
      idx(MNIST, 't10k-labels-idx1-ubyte', 4_542, 'ec29112dd5afa0611ce80d1b7f02629c'),
    ],
  ],
  [
    'fashion-mnist',
    [
      idx(FASHION, 'train-images-idx3-ubyte', 26_421_880, '8d4fb7e6c68d591d4c3dfef9ec88bf0d'),
      idx(FASHION, 'train-labels-idx1-ubyte', 29_515, '25c81989df183df01b3e8a0aad5dffbe'),
      idx(FASHION, 't10k-images-idx3-ubyte', 4_422_102, 'bef4ecab320f06d8554ea6380940ec79'),
      idx(FASHION, 't10k-labels-idx1-ubyte', 5_148, 'bb300cfdad3c16e7a12a480ee83cd310'),
    ],
  ],
]);

function idx(site: string, name: string, bytes: number, md5: string): Archive {
  return { url: `${site}/${name}.gz`, file: `${name}.gz`, unpacked: name, bytes, md5 };
}
