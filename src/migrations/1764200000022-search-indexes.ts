import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What searches of the logs and their followers read by. */
export class SearchIndexes1764200000022 implements MigrationInterface {
  name = 'SearchIndexes1764200000022';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(REQUESTS);
    await queryRunner.query(CHANGES);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// On the parent: every partition has them, those to come too. In the order of the ids, which is that of time.
const REQUESTS = `
-- whoever follows the log, and whoever proves it, reads it batch by batch
CREATE INDEX request_log_batch ON request_log (writer, batch_no);
`;

// The secrets of a key have ids of their own.
const CHANGES = `
CREATE INDEX change_log_key_secret ON change_log ((coalesce(after, before)->>'key_id')) WHERE entity = 'key_secret';
`;
