import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { QueryResultRow } from 'pg';
import request from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { createDataSource } from '../../ormconfig.js';
import { createApplication } from '../../src/boot/application.js';
import { firstStart } from '../../src/boot/first-start.js';
import { KeysService } from '../../src/keys/index.js';
import { type Config, loadConfig } from '../../src/platform/config/index.js';
import { MasterSecrets } from '../../src/platform/crypto/index.js';
import { type Actor, Database } from '../../src/platform/database/index.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { createLogger } from '../../src/platform/logging/index.js';
import { BUILTIN_ROLES, type Grants } from '../../src/roles/index.js';
import { Store, TenantsService } from '../../src/tenants/index.js';
import { createTestDatabase, type TestDatabase } from './database.js';

const ACTOR: Actor = { type: 'system', id: 'test' };
const ADMIN = { email: 'admin@gatehouse.example', password: 'a password for tests' };

export interface TestKeyOptions {
  /** A built-in role's name; default `read-write`. */
  role?: string;
  /** A role's UUID instead. */
  roleId?: string;
  /** Default `hourly-enterprise`. With it the key gets an organization of its own. */
  plan?: string;
  /** Public id of an existing store. */
  storeId?: string;
  /** In the sandbox of its store. */
  sandbox?: boolean;
  permissions?: Grants | null;
  ipAllowlist?: string[] | null;
  expiresAt?: Date | null;
}

export interface TestKey {
  readonly token: string;
  /** Public ids. */
  readonly id: string;
  readonly storeId: string;
  readonly organizationId: string;
}

export interface TestAppOptions {
  /** Environment variables over the tests' own. */
  environment?: Record<string, string>;
  /** An existing database, for further processes over the same one. */
  database?: TestDatabase;
  runsJobs?: boolean;
  /** Modules of the test's own, beside the application's. */
  modules?: readonly Type[];
}

/** A whole application over a database of its own, listening on a loopback port. */
export interface TestApp {
  readonly app: NestExpressApplication;
  readonly config: Config;
  readonly database: TestDatabase;
  readonly url: string;
  /** The first administrator, who is the operator too. */
  readonly admin: { readonly email: string; readonly password: string };
  /** Speaks HTTP with it; keeps no cookies. */
  readonly request: TestAgent;
  /** A part of the application. */
  get<T>(token: Type<T> | symbol): T;
  sql<Row extends QueryResultRow>(text: string, parameters?: unknown[]): Promise<Row[]>;
  /** A key of a new organization's store, or of the one named. */
  createKey(options?: TestKeyOptions): Promise<TestKey>;
  /** Signs the administrator in. */
  signIn(): Promise<{ cookie: string; csrfToken: string }>;
  close(): Promise<void>;
}

/** Starts it: the same application as the real one, over real HTTP and PostgreSQL. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await createTestDatabase());
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-data-'));
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.ownerUrl,
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_SECRET: 'a master secret for tests, long enough',
    GATEHOUSE_ADMIN_EMAIL: ADMIN.email,
    GATEHOUSE_ADMIN_PASSWORD: ADMIN.password,
    LOG_LEVEL: 'silent',
    EVENT_CHECKS: 'throw',
    ...options.environment,
  });
  const dataSource = await createDataSource(database.url, 'pool', 4).initialize();
  const foundations = {
    config,
    database: new Database(dataSource),
    connection: database,
    secrets: new MasterSecrets(config.secret ?? '', config.secretPrevious),
    logger: createLogger(config.logLevel),
    runsJobs: options.runsJobs ?? false,
  };
  const app = await createApplication(foundations, options.modules);
  await firstStart(app, config);
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    app,
    config,
    database,
    url,
    admin: ADMIN,
    request: request(url),
    get: (token) => app.get(token),
    sql: (text, parameters) => database.sql(text, parameters),
    createKey: (keyOptions) => createKey(app, keyOptions),
    signIn: () => signIn(url),
    close: async () => {
      await app.close();
      await dataSource.destroy();
      if (!options.database) await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function createKey(app: NestExpressApplication, options: TestKeyOptions = {}): Promise<TestKey> {
  return app.get(Database).write({ actor: ACTOR }, async (tx) => {
    let store = options.storeId === undefined ? undefined : await findStore(app, options.storeId);
    if (!store) {
      const tenants = app.get(TenantsService);
      const organization = await tenants.createOrganization(tx, {
        name: 'Test organization',
        planId: options.plan ?? 'hourly-enterprise',
      });
      store = await tenants.createStore(tx, organization.id, 'Test store');
      if (options.sandbox) store = await tenants.createSandbox(tx, store);
    }
    const roleId =
      options.roleId ?? BUILTIN_ROLES.find(({ name }) => name === (options.role ?? 'read-write'))?.id ?? '';
    const { id, token } = await app.get(KeysService).create(
      tx,
      store,
      {
        name: 'Test key',
        roleId,
        permissions: options.permissions ?? null,
        expiresAt: options.expiresAt ?? null,
        ipAllowlist: options.ipAllowlist ?? null,
        metadata: {},
      },
      ACTOR,
    );
    return {
      token,
      id: toPublicId('key', id),
      storeId: toPublicId('store', store.id),
      organizationId: toPublicId('organization', store.organizationId),
    };
  });
}

async function findStore(app: NestExpressApplication, publicId: string): Promise<Store | undefined> {
  const stores = await app.get(Database).manager.find(Store);
  return stores.find((store) => toPublicId('store', store.id) === publicId);
}

async function signIn(url: string): Promise<{ cookie: string; csrfToken: string }> {
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(ADMIN),
  });
  const body = (await response.json()) as { csrfToken: string };
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { cookie, csrfToken: body.csrfToken };
}
