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
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { buildDirectory, documentOf, failureOf, gatehouse, runNode } from './gatehouse.js';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'));
  // PostgreSQL may run as another user, who must pass through.
  chmodSync(scratch, 0o755);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('gatehouse migrate', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.sql(
      'DROP SCHEMA public CASCADE; DROP SCHEMA graphile_worker CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC',
    );
  });
  afterAll(() => database.drop());

  it('brings an empty database to the newest schema, for the lesser role too, and does nothing twice', async () => {
    expect((await failureOf(gatehouse(database, ['keys', 'list', '--json']))).code).toBe(
      'MIGRATIONS_PENDING',
    );
    const first = await documentOf<{ applied: string[] }>(gatehouse(database, ['migrate', '--json']));
    const rows = await database.sql<{ name: string }>('SELECT name FROM migrations ORDER BY id');
    expect(first.applied.length).toBeGreaterThan(0);
    expect(first.applied).toEqual(rows.map(({ name }) => name));
    const second = await gatehouse(database, ['migrate']);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
    const list = await gatehouse(database, ['keys', 'list']);
    expect(list).toMatchObject({ code: 0, stdout: expect.stringContaining('gatehouse keys create') });
    const failure = await failureOf(
      gatehouse(database, ['keys', 'create', '--name', 'x', '--role', 'admin', '--json']),
    );
    expect(failure).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('no store yet') });
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
