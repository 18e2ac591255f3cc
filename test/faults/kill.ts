/**
 * The long run of the log's promise: no client ever sees an answer whose row is missing, while the server and
 * PostgreSQL are killed with -9, over and over; and the log's evidence holds afterwards. Two controls, each with
 * one promise broken, must find rows missing.
 * `--seconds N` is the length of the run; each control takes half of it.
 */
import { parseArgs } from 'node:util';
import { EVERY_STATUS } from './every-answer.js';
import { type KillOptions, killRun, type KillRun } from './kill-run.js';

const MOST_TRIES = 3;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new Error('--seconds takes a number above 0');
const controlSeconds = Math.max(8, seconds / 2);

const real = await killRun({ seconds, entry: 'test/faults/kill-server.js' });
report('faults', real);
// Whoever is killed between answer and row is the process.
const answersFirst = await control('answers first', {
  entry: 'test/faults/answers-first.js',
  turns: ['server'],
  readsOnly: true,
});
// Nothing may bring the lane's rows to the disk but its own commits: no change's commit, no writer that wakes up, no
// buffer that is full.
const commitsLater = await control('commits later', {
  entry: 'test/faults/commits-later.js',
  turns: ['database'],
  readsOnly: true,
  settings: { wal_writer_delay: '10s', wal_writer_flush_after: '1GB', wal_buffers: '64MB' },
});

const faults: string[] = [
  ...real.missing.map((id) => `no row of an answer that was seen: ${id}`),
  ...real.doubled.map((id) => `two rows of one request: ${id}`),
  ...real.chain.faults.map((fault) => `evidence: ${fault}`),
  ...real.defects.map((line) => `answered 500: ${line.slice(0, 2_000)}`),
  ...EVERY_STATUS.filter((status) => !real.statuses.has(status)).map((status) => `no answer of ${status}`),
];
if (real.streams === 0) faults.push('no stream was seen');
if (real.chain.checkpoints === 0) faults.push('no checkpoint was made');
for (const [name, control] of Object.entries({ answersFirst, commitsLater })) {
  if (control.missing.length === 0)
    faults.push(`control ${name} found nothing missing: the run proves nothing`);
}
for (const fault of faults.slice(0, 20)) console.error(fault);
console.log(
  `faults: ${real.answers} answers seen, ${real.missing.length} rows missing, ${real.doubled.length} doubled, ` +
    `${real.chain.rows} rows in ${real.chain.batches} batches, ${real.chain.checkpoints} checkpoints, ${real.chain.faults.length} faults of evidence; ` +
    `controls: ${answersFirst.missing.length} and ${commitsLater.missing.length} missing`,
);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Runs a control until it finds what it must find, three times at most: whom a kill hits is chance. */
async function control(name: string, options: Omit<KillOptions, 'seconds'>): Promise<KillRun> {
  for (let tries = 1; ; tries++) {
    const run = await killRun({ seconds: controlSeconds, ...options });
    report(`control that ${name}`, run);
    if (run.missing.length > 0 || tries === MOST_TRIES) return run;
  }
}

function report(name: string, { serverKills, databaseKills, statuses, streams }: KillRun): void {
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  console.log(
    `${name}: server killed ${serverKills} times, PostgreSQL ${databaseKills} times; ` +
      `answers ${counts.join(', ')}; ${streams} streams`,
  );
}
