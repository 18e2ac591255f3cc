import { DataSource } from 'typeorm';
import { ENTITIES } from './src/entities.js';
import { MIGRATIONS } from './src/migrations/index.js';
import { clientConfig, type ConnectionPurpose } from './src/platform/database/index.js';

/** The one DataSource: every entity and every migration. Not yet connected. */
export function createDataSource(url: string, purpose: ConnectionPurpose, poolSize = 4): DataSource {
  return new DataSource({
    type: 'postgres',
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    synchronize: false,
    logging: false,
    poolSize,
    extra: clientConfig(url, purpose),
  });
}
