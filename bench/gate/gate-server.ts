import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { createDataSource } from '../../ormconfig.js';
import { createApplication } from '../../src/boot/application.js';
import { firstStart } from '../../src/boot/first-start.js';
import { KeysService } from '../../src/keys/index.js';
import { loadConfig } from '../../src/platform/config/index.js';
import { MasterSecrets } from '../../src/platform/crypto/index.js';
import { type Actor, Database } from '../../src/platform/database/index.js';
import { createLogger } from '../../src/platform/logging/index.js';
import { BUILTIN_ROLES } from '../../src/roles/index.js';
import { NO_LIMIT, Organization, Store } from '../../src/tenants/index.js';
import { PingController } from './ping.controller.js';

const ACTOR: Actor = { type: 'system', id: 'bench' };

/** The whole application, with one route more. */
@Module({ controllers: [PingController] })
class PingModule {}

async function main(): Promise<void> {
  const config = loadConfig();
  const url = config.databaseUrl ?? '';
  const dataSource = await createDataSource(url, 'pool', config.databasePool).initialize();
  const database = new Database(dataSource);
  const app = await createApplication(
    {
      config,
      database,
      connection: { url, ownerUrl: config.databaseMigrationUrl ?? url },
      secrets: new MasterSecrets(config.secret ?? ''),
      logger: createLogger(config.logLevel),
      runsJobs: false,
    },
    [PingModule],
  );
  await firstStart(app, config);
  const ready = await database.write({ actor: ACTOR }, async (tx) => {
    const store = await tx.findOneByOrFail(Store, { kind: 'live' });
    await tx.update(Organization, { id: store.organizationId }, { hourLimit: NO_LIMIT, dayLimit: NO_LIMIT });
    const roleId = BUILTIN_ROLES.find(({ name }) => name === 'read-write')?.id ?? '';
    const input = {
      name: 'bench',
      roleId,
      permissions: null,
      expiresAt: null,
      ipAllowlist: null,
      metadata: {},
    };
    const { token } = await app.get(KeysService).create(tx, store, input, ACTOR);
    return { token, storeId: store.id };
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}/api/v1`, ...ready });
}

await main();
