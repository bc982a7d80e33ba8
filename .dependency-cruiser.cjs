// The arrows between folders (docs/architecture.md): what decides never knows sockets, processes, files or terminals.
const from = (folders) => ({ path: `^src/(${folders})/` });

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'trust-tech-is-pure',
      comment: 'the algorithm imports itself, errors and a random generator',
      severity: 'error',
      from: from('trust-tech'),
      to: { pathNot: '^src/(trust-tech/|errors)|node_modules/pure-rand/|^(node:)?crypto$' },
    },
    {
      name: 'ensemble-and-schedules-are-pure',
      severity: 'error',
      from: from('ensemble|schedules'),
      to: { pathNot: '^src/(ensemble|schedules)/' },
    },
    {
      name: 'objectives-are-pure',
      severity: 'error',
      from: from('objectives'),
      to: { pathNot: '^src/(objectives/|errors)' },
    },
    {
      name: 'numerics-are-pure',
      severity: 'error',
      from: from('numerics'),
      to: { pathNot: '^src/numerics/|node_modules/ml-matrix/' },
    },
    {
      name: 'statistics-is-pure',
      severity: 'error',
      from: from('statistics'),
      to: { pathNot: '^src/statistics/|node_modules/jstat/' },
    },
    {
      name: 'methods-see-interfaces',
      comment: 'a method is a workflow over Executor',
      severity: 'error',
      from: from('methods'),
      to: { pathNot: '^src/(methods|trust-tech|ensemble|schedules|config|executor/(executor|flow-space)|errors)' },
    },
    {
      name: 'config-is-data',
      severity: 'error',
      from: from('config'),
      to: {
        pathNot:
          '^src/(config|schedules|objectives|trust-tech/(directions|space)|executor/flow-space|errors)|node_modules/zod|^(node:)?util$',
      },
    },
    {
      name: 'inference-needs-no-python',
      severity: 'error',
      from: from('inference'),
      to: {
        pathNot: '^src/(inference/|errors|store/samples)|node_modules/(zod|onnxruntime-)|^(node:)?(fs|path|crypto)',
      },
    },
    {
      name: 'only-the-bridge-knows-sockets',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(bridge/|experiment/diagnose|watch/open-browser)' },
      to: { path: 'node_modules/(zeromq|@msgpack)|^(node:)?child_process$' },
    },
    {
      name: 'the-bridge-knows-only-itself',
      severity: 'error',
      from: from('bridge'),
      to: { path: '^src/', pathNot: '^src/(bridge/|errors)' },
    },
    {
      name: 'bridge-and-store-are-wired-in-one-place',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(bridge/|store/|durable/|experiment/|executor/(torch|model-spec)|index)' },
      to: { path: '^src/bridge/' },
    },
    {
      name: 'durable-runs-know-the-wire-and-the-store',
      comment: 'and no method, configuration or display',
      severity: 'error',
      from: from('durable'),
      to: { path: '^src/', pathNot: '^src/(durable|bridge|store|errors)' },
    },
    {
      name: 'the-store-keeps-data-only',
      comment: 'it starts nothing: what runs are made of is brought to it',
      severity: 'error',
      from: from('store'),
      to: { path: '^src/(bridge|durable|experiment|cli)/' },
    },
    {
      name: 'nothing-imports-the-command-line',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default'] },
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(test|scripts)/' },
  },
};
