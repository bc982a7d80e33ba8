// The arrows between the rooms of src (docs/architecture.md): what decides never knows sockets, processes, files or terminals.

/** From the ground up. A file imports its own room and the floors below: no room imports one beside it or above it. */
const FLOORS = [
  ['errors', 'version', 'natural-order', 'command-name', 'linear-algebra'],
  ['trust-tech', 'ensemble', 'schedules'],
  ['closed-form', 'config/dsp-tt', 'config/scale', 'config/training-loss', 'executor/origin'],
  ['config/base', 'executor/executor'],
  ['methods'],
  ['config'],
  ['bridge', 'store'],
  ['executor'],
  ['run'],
  ['curves', 'comparison', 'verification', 'inference'],
  ['report'],
  ['tracking', 'watch', 'paper'],
  ['index', 'cli'],
];

const inRooms = (rooms) => `^src/(${rooms.join('|')})(/|\\.ts$)`;
const from = (...rooms) => ({ path: inRooms(rooms) });
/** A room without the files of it that have a floor of their own. */
const fromRoom = (room) => {
  const own = FLOORS.flat().filter((other) => other.startsWith(`${room}/`));
  return own.length > 0 ? { ...from(room), pathNot: inRooms(own) } : from(room);
};

/** One rule a room. */
const floors = FLOORS.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `${room}-imports-the-floors-below`,
    severity: 'error',
    from: fromRoom(room),
    to: { path: '^src/', pathNot: inRooms([room, ...FLOORS.slice(0, floor).flat()]) },
  })),
);

/** What else a room may import, packages and Node's modules included. */
const onlyImports = (name, rooms, others) => ({
  name,
  severity: 'error',
  from: rooms,
  to: { pathNot: `^src/|${others}` },
});

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...floors,
    onlyImports('trust-tech-is-pure', from('trust-tech'), 'node_modules/pure-rand/|^(node:)?crypto$'),
    onlyImports('ensemble-and-schedules-are-pure', from('ensemble', 'schedules'), '^$'),
    onlyImports('closed-forms-are-pure', from('closed-form'), 'node_modules/ml-matrix/'),
    onlyImports('statistics-are-pure', from('comparison/statistics'), 'node_modules/jstat/'),
    onlyImports('methods-see-interfaces', from('methods'), 'node_modules/zod'),
    onlyImports('config-is-data', from('config'), 'node_modules/zod|^(node:)?util$'),
    {
      name: 'methods-are-workflows-over-executor',
      severity: 'error',
      from: from('methods'),
      to: { path: inRooms(['store', 'bridge', 'executor']), pathNot: inRooms(['executor/executor']) },
    },
    {
      name: 'loaded-ensembles-need-no-python',
      severity: 'error',
      from: { path: '^src/inference/(check-batch|graph|load-ensemble|runtime)' },
      to: {
        pathNot:
          '^src/(inference/|ensemble/|errors|command-name|store/samples)|node_modules/(zod|onnxruntime-)|^(node:)?(fs|path|crypto)',
      },
    },
    {
      name: 'only-the-bridge-knows-sockets-and-processes',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(bridge/|watch/open-browser)' },
      to: { path: 'node_modules/(zeromq|@msgpack)|^(node:)?child_process$' },
    },
    {
      name: 'durable-runs-know-the-wire-and-the-store',
      comment: 'and no method, configuration or display',
      severity: 'error',
      from: from('run/durable'),
      to: { path: '^src/', pathNot: inRooms(['run/durable', 'bridge', 'store', 'errors', 'executor/origin']) },
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
