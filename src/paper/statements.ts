/** Statement of the paper outside its tables, with its place and its numbers. */
export interface Statement {
  /** Section, or abstract. */
  readonly place: string;
  readonly says: string;
  /** Settings that it holds for; null if the paper does not say. */
  readonly dependsOn: string | null;
}

/**
 * Peak GPU memory of section 5.3, in the paper's "Mb". The paper does not state batch size, GPU and method of counting.
 */
export const MEMORY = {
  place: 'section 5.3',
  network: 'ResNet-164',
  trainingMb: 3819,
  searchMb: 3921,
  paths: 5,
  says: 'training takes 3819 Mb of GPU memory, a DSP-TT search 3921 Mb',
  dependsOn: 'ResNet-164 in PyTorch; the batch of 128 and the 5 paths are those of the other experiments',
} as const;

/** The abstract's claim in the PDF, and the earlier one on its submission page, in percent. */
export const GAINS = {
  pdf: {
    place: 'abstract of the PDF; section 5.3',
    says: 'the fully trained DSP-TT ResNet ensemble improves the SGD baseline by 15 % (CIFAR-10) and 13 % (CIFAR-100)',
    dependsOn: 'baseline: "Individual" of tables 2 and 3, 4.72 and 21.50',
    cifar10: 15,
    cifar100: 13,
  },
  submissionPage: {
    place: 'abstract on the page of the submission (openreview.net, 1cEEqSp9kXV)',
    says: 'the same by 20 % and 15 %',
    dependsOn: 'baseline: tier 0 of table 4, 5.00 and 21.98',
    cifar10: 20,
    cifar100: 15,
  },
} as const;

/** Section 5's hyper-parameters. */
export const PAPER_SETTINGS = {
  place: 'section 5, "Hyperparameters"',
  epochs: { vgg: 200, resnet: 200, densenet: 300 },
  batchSize: { vgg: 128, resnet: 128, densenet: 64 },
  rho1Increment: 0.001,
  rho2TimesLr: 0.1,
  fineTuneEpochs: 10,
  tierEpochs: 50,
} as const;

/** Claims against which figures and tables are checked. */
export const STATEMENTS: readonly Statement[] = [
  {
    place: 'section 5',
    says: 'exit points are usually found in negligible time, around 1 minute on CIFAR against hours of training',
    dependsOn: 'the GPU, which is not named',
  },
  {
    place: 'section 5.1',
    says: 'along a path the loss goes up, reaches a local maximum and goes down',
    dependsOn: 'figure 3a: MNIST, full gradient; figure 3b: error rate on CIFAR-100, mini-batches',
  },
  {
    place: 'section 5.1',
    says: 'points before and after the exit converge to two different points, in 50,000 steps of 0.01',
    dependsOn: 'UCI wine, one hidden layer of 5 neurons, 61 parameters',
  },
  {
    place: 'section 5.1',
    says: 'the cosine between the initial and the updated direction remains close to 1.0',
    dependsOn: null,
  },
  {
    place: 'section 5.2',
    says: 'all DSP-TT ensembles outperform the baseline; tier 2 is mostly best, tier 0-1 sufficient; fine-tuning helps little',
    dependsOn: 'table 1',
  },
  {
    place: 'section 5.3',
    says: 'DSP-TT outperforms other ensemble methods; its members are less correlated and more distant than those of SSE and FGE, at a similar level to individual ensembles',
    dependsOn: 'tables 2 and 3',
  },
  {
    place: 'section 5.3',
    says: 'fully trained, DSP-TT outperforms the ensemble of individual networks',
    dependsOn: 'table 3: 3.99 against 4.35, 18.67 against 19.79; six budgets of 200 epochs each',
  },
  {
    place: 'section 5.3',
    says: 'all tier-1 networks perform at least as well as tier 0',
    dependsOn: 'table 4',
  },
  { ...MEMORY, says: `${MEMORY.says}: a minor overhead` },
  {
    place: 'section 5.4',
    says: 'the search is insensitive to rho2; rho1 and distance at the exit are highly correlated, and flat from an increment of 5e-4 on',
    dependsOn: 'figure 4',
  },
];
