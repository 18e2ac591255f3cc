import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  copyFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MIGRATIONS } from '../../src/migrations/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { buildDirectory, documentOf, failureOf, gatehouse, runNode } from './gatehouse.js';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'));
  // PostgreSQL may run as another user, who must pass through.
  chmodSync(scratch, 0o755);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** An empty database with the two roles of a real installation: neither is a superuser. */
async function emptyDatabase(server: TestDatabase) {
  const name = `cli_${randomBytes(5).toString('hex')}`;
  const owner = `${name}_owner`;
  await server.sql(`CREATE ROLE ${owner} LOGIN PASSWORD 'owner'`);
  await server.sql(`CREATE ROLE ${name} LOGIN PASSWORD 'lesser'`);
  await server.sql(`CREATE DATABASE ${name} OWNER ${owner}`);
  const urlFor = (role: string, password: string) => {
    const url = new URL(server.url);
    Object.assign(url, { username: role, password, pathname: `/${name}` });
    return url.href;
  };
  return {
    url: urlFor(name, 'lesser'),
    ownerUrl: urlFor(owner, 'owner'),
    drop: async () => {
      await server.sql(`DROP DATABASE ${name} WITH (FORCE)`);
      await server.sql(`DROP ROLE ${name}, ${owner}`);
    },
  };
}

describe('gatehouse migrate', () => {
  let server: TestDatabase;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  beforeAll(async () => {
    server = await createTestDatabase();
    database = await emptyDatabase(server);
  });
  afterAll(async () => {
    await database.drop();
    await server.drop();
  });

  it('brings an empty database to the newest schema, for the lesser role too, and does nothing twice', async () => {
    expect((await failureOf(gatehouse(database, ['keys', 'list', '--json']))).code).toBe(
      'MIGRATIONS_PENDING',
    );
    const { applied } = await documentOf<{ applied: string[] }>(gatehouse(database, ['migrate', '--json']));
    expect(applied).toEqual(MIGRATIONS.map(({ name }) => name));
    const again = await gatehouse(database, ['migrate']);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
    const list = await gatehouse(database, ['keys', 'list']);
    expect(list).toMatchObject({ code: 0, stdout: expect.stringContaining('gatehouse keys create') });
    const create = gatehouse(database, ['keys', 'create', '--name', 'x', '--role', 'admin', '--json']);
    expect(await failureOf(create)).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('no store yet'),
    });
    const report = await gatehouse(database, ['doctor']);
    expect(report.stdout).toMatch(/^ok {4}append-only/m);
  });
});

describe('the embedded database', () => {
  it('is not made by asking, and is started for as long as a command needs it', async () => {
    const dataDir = join(scratch, 'data');
    const environment = { GATEHOUSE_DATA_DIR: dataDir };
    const run = (...args: string[]) =>
      runNode([join(buildDirectory(), 'src/cli.js'), ...args], { environment });
    expect((await failureOf(run('keys', 'list', '--json'))).code).toBe('NO_DATABASE');
    expect(readdirSync(scratch)).not.toContain('data');
    expect(await run('migrate')).toMatchObject({ code: 0, stdout: expect.stringContaining('Applied:') });
    expect(await run('keys', 'list')).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(dataDir, 'postgres'))).not.toContain('postmaster.pid');
  });
});

describe('bin/gatehouse.js', () => {
  it('says that nothing is built, and runs what is', async () => {
    const checkout = join(scratch, 'checkout');
    mkdirSync(join(checkout, 'bin'), { recursive: true });
    writeFileSync(join(checkout, 'package.json'), '{ "type": "module" }');
    copyFileSync('bin/gatehouse.js', join(checkout, 'bin/gatehouse.js'));
    const run = () => runNode([join(checkout, 'bin/gatehouse.js'), '--help']);
    expect(await run()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('npm run build'),
    });
    symlinkSync(buildDirectory(), join(checkout, 'dist'));
    expect(await run()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: gatehouse'),
      stderr: '',
    });
  });
});
