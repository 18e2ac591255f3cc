// An external PostgreSQL instead of the embedded one: npm run test:external
// Needs the build, and the binaries of a PostgreSQL 15 or newer on the machine (Debian: postgresql). Two roles as
// in docs/guides/operations.md, two server processes over one database.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const ROOT = '/usr/lib/postgresql';
const version = (existsSync(ROOT) ? readdirSync(ROOT) : []).filter((name) => Number(name) >= 15).sort()[0];
if (!version) {
  console.error(`There is no PostgreSQL 15 or newer in ${ROOT}; on Debian: apt-get install postgresql`);
  process.exit(1);
}
const bin = (name) => join(ROOT, version, 'bin', name);
const failures = [];
const expect = (what, holds) => {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
  if (!holds) failures.push(what);
};

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-external-'));
chmodSync(directory, 0o755);
const data = join(directory, 'data');
// PostgreSQL does not run as root
const id = (option) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
const user = process.getuid() === 0 ? { uid: id('-u'), gid: id('-g') } : {};
if (user.uid !== undefined) chownSync(directory, user.uid, user.gid);
execFileSync(bin('initdb'), ['-D', data, '-U', 'owner', '--auth=trust', '--encoding=UTF8', '--no-sync'], {
  ...user,
  cwd: '/',
  stdio: 'ignore',
});
const postgres = spawn(
  bin('postgres'),
  ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${directory}`],
  {
    ...user,
    cwd: '/',
    stdio: 'ignore',
  },
);
const url = (role, database) =>
  `postgresql://${role}@localhost/${database}?host=${encodeURIComponent(directory)}`;
const servers = [];
try {
  const admin = await connect(url('owner', 'postgres'));
  console.log(`PostgreSQL ${(await admin.query('SHOW server_version')).rows[0].server_version}`);
  await admin.query('CREATE ROLE gatehouse LOGIN');
  await admin.query('CREATE DATABASE gatehouse');
  await admin.end();

  const environment = {
    ...process.env,
    PORT: '0',
    DATABASE_URL: url('gatehouse', 'gatehouse'),
    DATABASE_MIGRATION_URL: url('owner', 'gatehouse'),
    GATEHOUSE_SECRET: 'a secret for this check, and long enough',
    GATEHOUSE_DEMO: 'true',
    LOG_LEVEL: 'error',
  };
  servers.push(...(await Promise.all([serve(environment), serve(environment)])));
  const outputs = servers.map((server) => server.output());
  const shown = outputs.filter((output) => /Live key/.test(output));
  expect('of two first starts at once, one makes the first organization', shown.length === 1);
  const token = /gate_live_\w+/.exec(shown[0] ?? '')?.[0];
  const [one, other] = outputs.map((output) => /listening on (\S+)/.exec(output)?.[1]);
  const status = async (base) =>
    (await fetch(`${base}/api/v1/campaigns`, { headers: { Authorization: `Bearer ${token}` } })).status;
  expect('the key works on both processes', (await status(one)) === 200 && (await status(other)) === 200);

  const owner = await connect(url('owner', 'gatehouse'));
  await owner.query('UPDATE keys SET revoked_at = now()');
  expect(
    'revoked by SQL, it is refused by both at once',
    (await status(one)) === 401 && (await status(other)) === 401,
  );
  const { rows } = await owner.query(
    `SELECT actor_type FROM change_log WHERE entity = 'key' AND action = 'update' LIMIT 1`,
  );
  expect('and the change log says who: SQL typed by hand', rows[0]?.actor_type === 'database');
  const { rows: counted } = await owner.query(
    'SELECT status, count(*)::int FROM request_log GROUP BY 1 ORDER BY 1',
  );
  expect('every request has its row', JSON.stringify(counted.map(({ count }) => count)) === '[2,2]');
  await owner.end();

  const lesser = await connect(url('gatehouse', 'gatehouse'));
  for (const statement of [
    'DELETE FROM request_log',
    'UPDATE change_log SET actor_id = 1',
    'TRUNCATE request_log',
    'DROP TABLE request_log',
  ]) {
    const refused = await lesser.query(statement).then(
      () => false,
      () => true,
    );
    expect(`the server's role is refused ${statement.split(' ')[0]} on the logs`, refused);
  }
  await lesser.end();
} finally {
  for (const server of servers) {
    server.child.kill('SIGTERM');
    expect('a process stops with 0', (await server.exited) === 0);
  }
  const gone = new Promise((resolve) => postgres.once('exit', resolve));
  postgres.kill('SIGINT');
  await gone;
  rmSync(directory, { recursive: true, force: true });
}
console.log(`${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

async function connect(connectionString) {
  for (let tries = 1; ; tries++) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function serve(env) {
  const child = spawn('node', ['dist/src/main.js'], { env });
  let output = '';
  const exited = new Promise((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    void exited.then((code) => reject(new Error(`ended with ${code}:\n${output}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (/is listening on/.test(output) && /(curl|keys create).*\n/.test(output)) {
          resolve({ child, exited, output: () => output });
        }
      });
    }
  });
}
