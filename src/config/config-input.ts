// Made from the schemas by `npm run docs`; not to be edited by hand.

/** A configuration as a preset, a file or a script states it. */
export interface ConfigInput {
  /** what the configuration starts from; null: from nothing; by default null */
  preset?:
    | 'digits'
    | 'wine'
    | 'wine-quality'
    | 'cifar10-vgg16'
    | 'cifar10-resnet164'
    | 'cifar10-densenet100'
    | 'cifar100-vgg16'
    | 'cifar100-resnet164'
    | 'cifar100-densenet100'
    | (string & {})
    | null;
  /** of the preset: full as in its source, reduced for minutes of a CPU, smoke for a few steps; by default full */
  scale?: 'full' | 'reduced' | 'smoke';
  /** how networks are found; by default dsp-tt */
  method?:
    | 'dsp-tt'
    | 'random-jump'
    | 'independent'
    | 'snapshot'
    | 'fge'
    | 'swa'
    | 'horizontal'
    | 'csg-mcmc'
    | 'single'
    | (string & {});
  /** of all random streams; by default 0 */
  seed?: number;
  /** what the networks learn */
  dataset?: {
    /** a data set of docs/data.md; by default null */
    name?:
      | 'digits'
      | 'mnist'
      | 'wine'
      | 'winequality'
      | 'fashion-mnist'
      | 'cifar10'
      | 'cifar100'
      | 'cifar10-sample'
      | 'csv'
      | 'images'
      | 'arrays'
      | (string & {})
      | null;
    /** what the data set, or what returns it, takes; by default {} */
    args?: Record<string, unknown>;
    /** folder with the data files; by default null */
    dir?: string | null;
    /** what returns the data: package.module:function, or file.py with a function defineDataset; by default null */
    python?: string | null;
  };
  /** the network: a name of ours, or what builds it */
  model?: {
    /** a network of ours: dsptt models lists them; by default null */
    name?: 'conv' | 'mlp' | 'densenet' | 'preresnet' | 'vgg' | (string & {}) | null;
    /** what builds the network: package.module:function, or file.py with a function defineModel; by default null */
    python?: string | null;
    /** what the network, or what builds it, takes; by default {} */
    args?: Record<string, unknown>;
    /** a file of weights that every network starts from: safetensors, or torch.save of a state_dict; by default null */
    weights?: string | null;
  };
  /** what training makes small: crossEntropy for classes, binaryCrossEntropy for labels (by itself where dataset.args.labels names them), meanSquared for numbers; by default crossEntropy */
  loss?: 'crossEntropy' | 'binaryCrossEntropy' | 'meanSquared';
  /** what training and search descend instead of the plain loss, which evaluations always report */
  trainingLoss?: {
    /** part of a label that is spread over all classes, as in torch.nn.CrossEntropyLoss; by default 0 */
    labelSmoothing?: number;
    /** weight of the samples of each class; balanced: n / (classes * count), as in scikit-learn; by default null */
    classWeights?: number[] | 'balanced' | null;
    /** what makes another loss: package.module:function, or file.py with a function defineLoss; by default null */
    python?: string | null;
    /** what the maker of the loss takes; by default {} */
    args?: Record<string, unknown>;
  };
  /** alpha of mixup: two samples of a training batch, and their losses, by shares of Beta(alpha, alpha). 0: none; by default 0 */
  mixup?: number;
  /** alpha of cutmix: the share of a second image is a box in the first one. With mixup, one of both a batch; by default 0 */
  cutmix?: number;
  /** bf16: forward pass in bfloat16, weights in float32; tf32: products of CUDA devices, rounded; by default fp32 */
  precision?: 'fp32' | 'tf32' | 'bf16';
  /** images a step; full: all of them, the full gradient; by default 128 */
  batchSize?: number | 'full';
  /** parts that a batch is run in, their gradients added up: takes less memory; by default 1 */
  batchChunks?: number;
  /** also with batch norm: statistics are then those of a part; by default false */
  allowChunkedBn?: boolean;
  /** auto, cpu, cuda or cuda:N; by default auto */
  device?: 'auto' | 'cpu' | 'cuda' | (string & {});
  /** CPU threads; 0: PyTorch's choice; by default 0 */
  threads?: number;
  /** torch.compile for training and search; by default false */
  compile?: boolean;
  /** images with their channels last in memory; by default false */
  channelsLast?: boolean;
  /** on CUDA, steps as CUDA graphs where that is possible; by default auto */
  graphs?: 'auto' | 'off';
  /** samples on the device, or brought batch by batch; auto: brought if they take over half of what is free; by default auto */
  data?: 'auto' | 'device' | 'stream';
  /** networks that are trained at once where they do not depend on each other; by default 1 */
  membersAtOnce?: number;
  /** how: a worker and a core each, one stack of tensors, or what is faster for the network (auto); by default auto */
  membersWay?: 'auto' | 'processes' | 'stack';
  /** gradient evaluations in all, search included */
  budget?: { steps: number } | { epochs: number };
  /** the split by which a tier is chosen to start from; never the test split; by default validation */
  selectOn?: 'validation' | 'training';
  /** evaluations of the validation split while networks are trained; they change no network */
  validation?: {
    /** steps of a training between two evaluations; auto: so many that they take 2 % of its samples at most; by default auto */
    every?: number | 'auto' | 'never';
  };
  /** what trains networks: tier 0, members, rivals */
  localSolver?: {
    /** learning rate at the start, lr0; by default 0.1 */
    lr?: number;
    /** as torch.optim defines it; by default sgd */
    solver?: 'sgd' | 'adam' | 'adamw';
    /** of sgd; by default 0.9 */
    momentum?: number;
    /** Nesterov's momentum, of sgd; by default false */
    nesterov?: boolean;
    /** L2 penalty; of adamw the decoupled decay; by default 0.0003 */
    weightDecay?: number;
    /** decay of the mean of gradients, of adam and adamw; by default 0.9 */
    beta1?: number;
    /** decay of the mean of their squares, of adam and adamw; by default 0.999 */
    beta2?: number;
    /** added to the root of that mean, of adam and adamw; by default 1e-8 */
    epsilon?: number;
    /** largest length of the whole gradient; a longer one is shortened to it. null: none; by default null */
    clipNorm?: number | null;
    /** how the rate changes over a training; warmupCosine rises over its first 5 %; by default garipov */
    schedule?: 'constant' | 'garipov' | 'multiStep' | 'cosine' | 'warmupCosine';
    /** decay of the running average of the weights that each descent ends in; null: it ends in its last weights; by default null */
    ema?: number | null;
    /** a training whose validation loss no longer falls ends, and keeps the network of its best point */
    earlyStopping?: {
      /** validation points without a lower loss after which a training ends; null: none ends early; by default null */
      patience?: number | null;
      /** nats by which a loss must be lower to count; by default 0 */
      minDelta?: number;
    };
  };
  /** the search of dsp-tt; its tiers and lengths are those of random-jump too */
  dspTt?: {
    /** search paths of tier 1, 2, ...; a tier starts from the best optimum of the one before; by default [5] */
    tiers?: number[];
    /** the part of the budget that goes to the tiers, in equal parts (the paper: 50 of 200 epochs, one tier); by default 0.25 */
    tierShare?: number | 'auto';
    /** tier 0 and every member train for a whole budget (the paper, table 3): the cost is a budget a network; by default false */
    fullTrain?: boolean;
    /** the most of the tier's steps that go to the search; by default 0.3 */
    searchShare?: number | 'auto';
    /** pace of the search: rho1 grows linearly and is held */
    rho1?: {
      /** length of the first displacement, in units of the direction; by default 0.02 */
      start?: number;
      /** growth of rho1 per tick of the clock (the paper: 0.001); by default 0.001 */
      increment?: number | 'auto';
      /** where rho1 is held; by default 1 */
      max?: number;
      /** what counts the ticks: the tier's iterations, or each path's own steps; by default iteration */
      clock?: 'iteration' | 'path';
    };
    /** calibration step, as a multiple of the local solver's lr0; by default 0.1 */
    rho2TimesLr?: number | 'auto';
    /** how rho2 changes over the search's share; by default constant @deprecated a constant: leave it out */
    rho2Schedule?: 'constant' | 'garipov' | 'multiStep' | 'cosine' | 'warmupCosine';
    /** the local solver f of the calibration step (equation 3); by default minus the gradient */
    calibration?: {
      /** as torch.optim defines it; auto: the local solver's; by default sgd */
      solver?: 'sgd' | 'adam' | 'adamw' | 'auto';
      /** of sgd; by default 0 */
      momentum?: number;
      /** Nesterov's momentum, of sgd; by default false */
      nesterov?: boolean;
      /** L2 penalty; of adamw the decoupled decay; by default 0 */
      weightDecay?: number;
      /** decay of the mean of gradients, of adam and adamw; by default 0.9 */
      beta1?: number;
      /** decay of the mean of their squares, of adam and adamw; by default 0.999 */
      beta2?: number;
      /** added to the root of that mean, of adam and adamw; by default 1e-8 */
      epsilon?: number;
      /** largest length of the whole gradient; a longer one is shortened to it. null: none; by default null */
      clipNorm?: number | null;
    };
    /** lr0 of a member's descent, as a multiple of the local solver's; by default 1 */
    memberLrTimes?: number;
    /** growth of a step: the ratio of rho1 to its last value, or equation 3 to the letter, which collapses; by default ratio */
    form?: 'ratio' | 'literal';
    /** how the first direction is scaled; by default layer */
    scale?: 'layer' | 'filter' | 'gaussian' | 'unit';
    /** when a path counts as having passed an exit point */
    detector?: {
      /** of the moving average of a path's losses; by default 0.95 */
      decay?: number | 'auto';
      /** nats above the start that count as climbing; by default 0.1 */
      minRise?: number | 'auto';
      /** steps of a path without a new maximum until it descends; by default 30 */
      buffer?: number | 'auto';
      /** part of the rise that must be lost for an exit; by default 0.3 */
      drop?: number;
      /** batches that measure the origin's loss; by default 20 */
      startBatches?: number;
    };
    /** iterations of a decision cell; by default 50 */
    decideEvery?: number | 'auto';
    /** cells between a decision's cause and its effect; by default 2 */
    lag?: number | 'auto';
    /** barrier: an exit counts only where the training loss has a barrier between origin and path; by default none */
    verify?: 'none' | 'barrier';
    /** nats by which the loss must stand above both ends for a barrier; by default 0.01 */
    verifyRise?: number;
    /** by how much rho1 grows on where there was no barrier; by default 0.25 */
    verifyStretch?: number;
    /** further rounds for exhausted and diverged paths, redrawn; by default 1 */
    retries?: number;
    /** the most that a round before the last may take of what is left of the search's share; by default 0.75 @deprecated a constant: leave it out */
    roundShare?: number;
    /** copies of tier-1 members trained on (table 1 of the paper) */
    fineTune?: {
      /** epochs a tier-1 member, on top (the paper: 10); by default 0 */
      epochs?: number;
      /** constant rate, as a multiple of the local solver's lr0; by default 0.01 */
      lrTimes?: number;
    };
    /** each descent ends in an average of its weights, as `swa` says; by default false */
    averageMembers?: boolean;
  };
  /** the control without a search */
  randomJump?: {
    /** length of the jump in units of the direction; null: dspTt.rho1.max; by default null */
    length?: number | null;
    /** same: as long as DSP-TT's when its search uses its whole share; equalTotal: the search's share too; by default same */
    descents?: 'same' | 'equalTotal';
  };
  /** networks trained one by one from scratch */
  independent?: {
    /** networks; by default 6 */
    members?: number;
    /** whole budgets spent in all, in equal parts on the members; by default 1 */
    budgets?: number;
  };
  /** snapshot ensembles, SSE */
  snapshot?: {
    /** cycles of the rate, a member at the end of each; by default 6 */
    cycles?: number;
    /** rate at the start of each cycle (Huang et al. 2017a); by default 0.2 */
    lr?: number;
  };
  /** fast geometric ensembles */
  fge?: {
    /** part of the budget that trains the checkpoint; by default 0.8 */
    start?: number;
    /** cycles of the rate, a member in the middle of each; by default 6 */
    cycles?: number;
    /** rate at the ends of a cycle; by default 0.05 */
    lrMax?: number;
    /** rate in its middle; by default 0.0005 */
    lrMin?: number;
  };
  /** stochastic weight averaging (Izmailov et al. 2018) */
  swa?: {
    /** part of the training after which weights are averaged; by default 0.75 */
    start?: number;
    /** constant rate from there on, as a multiple of the training's lr0; by default 0.5 */
    lrTimes?: number;
    /** epochs between two weights that enter the average; by default 1 */
    everyEpochs?: number;
  };
  /** horizontal voting (Xie et al. 2013) */
  horizontal?: {
    /** networks; by default 6 */
    members?: number;
    /** epochs between two members; by default 1 */
    everyEpochs?: number;
  };
  /** cyclical stochastic gradient MCMC (Zhang et al. 2020) */
  csgMcmc?: {
    /** cycles of the rate; by default 4 */
    cycles?: number;
    /** members a cycle; by default 3 */
    samples?: number;
    /** part of a cycle without noise; by default 0.8 @deprecated a constant: leave it out */
    explore?: number;
    /** rate at the start of each cycle; by default 0.5 */
    lr?: number;
    /** of the sampled posterior; null: 1/N for N training samples, as in the authors' code; 0: no noise; by default null */
    temperature?: number | null;
  };
  /** which networks make the result */
  selection?: {
    /** all, as the paper does, or a choice by validation data; by default all */
    rule?: 'all' | 'best' | 'greedy' | 'diverse';
    /** members that are chosen at most (greedy: picks, with repetition); by default 3 */
    size?: number;
    /** diverse: how much worse than the best a loss may be, as a part of it; by default 0.2 */
    tolerance?: number;
  };
  /** loss barriers to measure: between all networks, to the parent, or none; null: as pairBarriers says; by default null */
  barriers?: 'all' | 'parent' | 'none' | null;
  /** measure the loss barrier between every two members, not only to the parent; by default false */
  pairBarriers?: boolean;
  /** points of a segment at which its loss is measured; by default 11 */
  barrierPoints?: number;
}

/** Settings of a closed-form run, as a preset, a file or a script states them. */
export interface AnalyticConfigInput {
  /** what the configuration starts from; null: from nothing; by default null */
  preset?:
    | 'six-hump-camel'
    | 'himmelblau'
    | 'rastrigin'
    | 'ackley'
    | 'styblinski-tang'
    | 'rosenbrock'
    | 'two-well'
    | (string & {})
    | null;
  /** how optima are found; by default tier-by-tier */
  method?: 'tier-by-tier';
  /** of all random streams; by default 0 */
  seed?: number;
  /** the closed-form function whose optima are searched */
  objective?: {
    /** the function */
    name?: 'six-hump-camel' | 'himmelblau' | 'rastrigin' | 'ackley' | 'styblinski-tang' | 'rosenbrock' | 'two-well';
    /** number of variables, where the objective comes in several; by default 2 */
    dims?: number;
    /** [from, to] of every axis; null: the objective's own box; by default null */
    box?: [number, number] | null;
  };
  /** where the flow to the first optimum begins; null: a random point of the box; by default null */
  start?: number[] | null;
  /** the gradient system that leads to an optimum */
  flow?: {
    /** R(x) of the gradient system dx/dt = -R(x)^-1 grad c(x); by default identity */
    metric?: 'identity' | 'gauss-newton' | 'levenberg-marquardt';
    /** mu of levenberg-marquardt; by default 0.01 */
    mu?: number;
    /** largest error of an integration step, as a part of the step's length; by default 0.001 */
    tolerance?: number;
    /** length of the gradient at which the flow is at rest; by default 1e-8 @deprecated a constant: leave it out */
    gradientBelow?: number;
    /** integration steps of a flow; by default 100000 */
    maxSteps?: number;
  };
  /** the search for exit points around an optimum */
  search?: {
    /** how the directions of search paths are chosen; by default coordinate */
    direction?: 'random' | 'coordinate' | 'hessian' | 'dynamic';
    /** random and dynamic paths a LOS; by default 16 */
    paths?: number;
    /** pace of the search: rho1 grows linearly and is held */
    rho1?: {
      /** length of the first displacement, in units of the box; by default 0.005 */
      start?: number;
      /** growth of rho1 per step of a path; by default 0.01 */
      increment?: number;
      /** where rho1 is held; by default 2 */
      max?: number;
    };
    /** calibration step of dynamic paths, as a multiple of the gradient; by default 0.0001 */
    rho2?: number;
    /** when a path counts as having passed an exit point */
    detector?: {
      /** rise of the objective that counts as climbing; by default 1e-9 */
      minRise?: number;
      /** steps of a path without a new maximum until it descends; by default 3 */
      buffer?: number;
      /** part of the rise that must be lost for an exit; by default 0.001 */
      drop?: number;
    };
  };
  /** points are one optimum within this part of the box's width on every axis; by default 0.001 @deprecated a constant: leave it out */
  mergeTolerance?: number;
  /** the search ends after so many tiers; by default 100 */
  maxTiers?: number;
  /** the search ends when it has found so many; by default 1000 */
  maxOptima?: number;
}
