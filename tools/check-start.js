// From nothing to the first answer, as the README promises it: npm run test:start
// Needs the build. Starts the server on a data directory of its own, pastes the printed curl line, stops it,
// starts it again, kills it, starts it once more; then tries the machine's own Node, if that is too old.
import { spawn, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DEADLINE_MS = 90_000;
const dataDir = join(mkdtempSync(join(tmpdir(), 'gatehouse-start-')), 'data');
const port = await freePort();
const failures = [];
const expect = (what, holds) => {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
  if (!holds) failures.push(what);
};

const first = await start();
const curl = /^\s*(curl .*)$/m.exec(first.output())?.[1] ?? 'false';
expect('the first start prints a sign-in', /Sign in\s+\S+@\S+\s+\S+/.test(first.output()));
expect(
  'the first start prints a live and a test key',
  /gate_live_\w+/.test(first.output()) && /gate_test_\w+/.test(first.output()),
);
expect('the printed curl line answers 200', statusOf(curl) === '200');
first.child.kill('SIGTERM');
expect('SIGTERM ends it with 0', (await first.exited) === 0);
expect('its PostgreSQL has gone with it', !postgresRuns());

const second = await start();
expect('the second start says that it kept the data', /kept from before/.test(second.output()));
expect('the second start shows no secret', !/gate_(live|test)_\w+/.test(second.output()));
expect('the key of the first start still works', statusOf(curl) === '200');
second.child.kill('SIGKILL');
await second.exited;

const third = await start();
expect('after kill -9 it starts again, and the key works', statusOf(curl) === '200');
const rival = await start({ PORT: String(await freePort()) });
expect(
  'a second process on the same data is refused with one clear line',
  (await rival.exited) === 1 && /in use by process \d+/.test(rival.output()),
);
third.child.kill('SIGTERM');
await third.exited;

const misconfigured = spawnSync('node', ['dist/src/main.js'], {
  encoding: 'utf8',
  env: { ...process.env, PORT: 'eighty', TRUST_PROXY: 'true' },
});
expect(
  'bad settings stop it with one line each',
  misconfigured.status === 1 && /PORT .*\n.*TRUST_PROXY /.test(misconfigured.stderr),
);

const own = ownNode();
if (own) {
  const { status, stderr } = spawnSync(own, ['dist/src/main.js'], { encoding: 'utf8' });
  expect(
    'the machine’s older Node is refused with one clear line',
    status === 1 && stderr.trim().split('\n').length === 1 && /needs Node 24/.test(stderr),
  );
}

rmSync(join(dataDir, '..'), { recursive: true, force: true });
console.log(`${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

/** Starts the server and waits for its banner or its end. */
async function start(environment = {}) {
  const child = spawn('node', ['dist/src/main.js'], {
    env: {
      ...process.env,
      GATEHOUSE_DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'error',
      ...environment,
    },
  });
  let output = '';
  const exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no banner in time:\n${output}`)), DEADLINE_MS);
    const settle = () => {
      clearTimeout(timer);
      resolve();
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (/is listening on/.test(output) && /Data .*\n[\s\S]*(curl|keys create)/.test(output)) settle();
      });
    }
    void exited.then(settle);
  });
  return { child, exited, output: () => output };
}

function statusOf(line) {
  return execFileSync('sh', ['-c', `${line} -s -m 10 -o /dev/null -w '%{http_code}'`], { encoding: 'utf8' });
}

function postgresRuns() {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return stdout.includes(join(dataDir, 'postgres'));
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}

/** The Node that the machine brings, where it is older than ours. */
function ownNode() {
  for (const directory of (process.env.PATH ?? '').split(':')) {
    if (directory.includes('node_modules')) continue;
    const { stdout } = spawnSync(join(directory, 'node'), ['-p', 'process.versions.node.split(".")[0]'], {
      encoding: 'utf8',
    });
    if (stdout && Number(stdout) < 24) return join(directory, 'node');
  }
  return undefined;
}
