import { createDataSource } from '../../ormconfig.js';
import { createApplication } from '../../src/boot/application.js';
import { firstStart } from '../../src/boot/first-start.js';
import { loadConfig } from '../../src/platform/config/index.js';
import { MasterSecrets } from '../../src/platform/crypto/index.js';
import { Database } from '../../src/platform/database/index.js';
import { EventSequencer } from '../../src/platform/events/index.js';
import { createLogger } from '../../src/platform/logging/index.js';
import { Organization } from '../../src/tenants/index.js';

/** The whole application, which numbers events and does jobs, as one that serves. */
async function main(): Promise<void> {
  const config = loadConfig();
  const url = config.databaseUrl ?? '';
  const dataSource = await createDataSource(url, 'pool', config.databasePool).initialize();
  const database = new Database(dataSource);
  const app = await createApplication({
    config,
    database,
    connection: { url, ownerUrl: config.databaseMigrationUrl ?? url },
    secrets: new MasterSecrets(config.secret ?? ''),
    logger: createLogger(config.logLevel),
    runsJobs: true,
  });
  await firstStart(app, config);
  await app.listen(0, '127.0.0.1');
  app.get(EventSequencer).start();
  const [organization] = await database.manager.find(Organization, { take: 1 });
  process.send?.({ organizationId: organization?.id ?? '' });
}

await main();
