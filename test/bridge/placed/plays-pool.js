// Speaks the words of `python -m dsptt_pool`, without Ray: its workers are children of it. FAKE_POOL, a JSON file, says
// what it lacks: { places, refused, garbage, auth, lost }. SIGUSR2 takes the place of its oldest worker away, for ever.
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { createInterface } = require('node:readline');

const fake = JSON.parse(fs.readFileSync(process.env.FAKE_POOL ?? '', 'utf8'));
let places = fake.places ?? 8;
/** @typedef {{ child: import('node:child_process').ChildProcess, pid: number, isLost: boolean }} Held */
/** @type {Map<number, Held>} */
const running = new Map();
/** @type {{ id: number, python: string, arguments: string[] }[]} */
const waiting = [];
const starter = path.join(__dirname, '..', '..', '..', 'python', 'start.py');

/** @param {object} word */
const say = (word) => process.stdout.write(`${JSON.stringify(word)}\n`);

/** @param {number} id @param {string} why @param {object} rest */
function ended(id, why, rest = {}) {
  say({ word: 'ended', id, why, code: null, signal: null, output: '', ...rest });
}

function place() {
  while (waiting.length > 0 && running.size < places) start(waiting.splice(0, 1)[0]);
}

/** @param {{ id: number, python: string, arguments: string[] }} asked */
function start({ id, python, arguments: args }) {
  const child = spawn(python, [starter, 'dsptt_worker', ...args, '--until-stdin-ends']);
  const worker = { child, pid: 0, isLost: false };
  running.set(id, worker);
  createInterface({ input: child.stdout }).once('line', (line) => {
    const announcement = JSON.parse(line);
    worker.pid = announcement.pid;
    say({ word: 'started', id, announcement });
  });
  let output = '';
  child.stderr.on('data', (text) => {
    output += text;
  });
  child.once('close', (code, signal) => {
    running.delete(id);
    if (worker.isLost) ended(id, 'place');
    else ended(id, 'exit', { code, signal, output });
    place();
  });
}

process.on('SIGUSR2', () => {
  places -= 1;
  const [oldest] = running.values();
  oldest.isLost = true;
  process.kill(oldest.pid, 'SIGKILL');
});

if (fake.refused) {
  say({ word: 'refused', why: fake.refused });
  process.exit();
}
if (fake.garbage) process.stdout.write('Ray says hello\n');
else say({ word: 'ready', ray: '2.60.0', auth: fake.auth ?? 'token' });

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const asked = JSON.parse(line);
    if (asked.word === 'start') {
      if (fake.lost) ended(asked.id, 'place', { output: 'the node died' });
      else waiting.push(asked);
      place();
      if (waiting.length > 0) {
        say({ word: 'waiting', count: waiting.length, free: { gpus: 0, cpus: 1 }, all: { gpus: places, cpus: 4 } });
      }
      return;
    }
    const at = waiting.findIndex(({ id }) => id === asked.id);
    if (at >= 0) ended(waiting.splice(at, 1)[0].id, 'exit');
    const worker = running.get(asked.id);
    worker?.child.stdin?.end();
    const kill = () => running.get(asked.id) === worker && worker && process.kill(worker.pid, 'SIGKILL');
    setTimeout(kill, asked.graceMs).unref();
  })
  .on('close', () => process.exit());
