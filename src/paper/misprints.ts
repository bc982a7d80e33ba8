/** Place where the paper's numbers mislead; shown with every table that prints them. */
export interface Slip {
  readonly tables: readonly ('table1' | 'table2' | 'table3' | 'table4')[];
  readonly place: string;
  readonly says: string;
}

export const SLIPS: readonly Slip[] = [
  {
    tables: ['table1', 'table2'],
    place: 'table 1, Baseline; table 2, DenseNet-100/Individual',
    says: '5.92 and 24.15 are the columns without augmentation of Huang et al. (2017b); with the augmentation that everything else has they print 4.51 and 22.27, so the gains on DenseNet are 4.51 -> 4.34 and 22.27 -> 20.85',
  },
  {
    tables: ['table2', 'table3'],
    place: 'table 2, ResNet-164/Individual; table 3, Individual',
    says: '4.72 (and 21.51, printed 21.50) is the SGD row of the SWA authors, whose budget for PreResNet-164 is 150 epochs, not 200: it looks borrowed, and is not marked as such',
  },
  {
    tables: ['table3', 'table4'],
    place: 'abstract; tables 3 and 4',
    says: 'gains are quoted against two baselines: 15 % and 13 % against "Individual" (4.72, 21.50), 20 % and 15 % (page of the submission) against the own tier 0 (5.00, 21.98), which is the worse network',
  },
  {
    tables: ['table2', 'table3'],
    place: 'table 2, ResNet-164/SSE(5); table 3, SSE(6)',
    says: 'the same four numbers are printed for 5 and for 6 models; here 5 are taken, as in table 2',
  },
  {
    tables: ['table2'],
    place: 'table 2, VGG16',
    says: 'on CIFAR-10 FGE(22) has 6.48 and DSP-TT(6) 6.56: the text says that DSP-TT outperforms the others. The rival numbers are taken from Garipov et al.; correlations are printed for DSP-TT alone',
  },
  {
    tables: ['table2', 'table3'],
    place: 'table 2, ResNet-164/FGE(6); table 3, FGE',
    says: 'the rival is weak: on CIFAR-100 the authors of FGE print 19.7 ± 0.2 for one budget (20 members), the paper 20.75 (6 members) and 20.20 for DSP-TT',
  },
  {
    tables: ['table3'],
    place: 'table 3, Individual-Ens',
    says: 'six networks have 19.79 on CIFAR-100, where the authors of FGE print 19.5 for two and 18.4 for three',
  },
];
