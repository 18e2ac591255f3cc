import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/index.js';
import { defineSweep } from './job-task.js';
import { Jobs } from './jobs.js';

/** Deletes replies whose Idempotency-Key has expired; they are no longer replayed from that moment on anyway. */
@Injectable()
export class ReplySweep implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineSweep({
        name: 'writes.sweep-idempotency-replies',
        cron: '17 * * * *',
        deleteBatch: () => this.deleteBatch(),
      }),
    );
  }

  private async deleteBatch(): Promise<number> {
    const [row] = await this.database.query<{ deleted: number }>(DELETE_BATCH);
    return row?.deleted ?? 0;
  }
}

const DELETE_BATCH = `
WITH expired AS (
  SELECT principal_id, idempotency_key
  FROM idempotency_replies
  WHERE expires_at < now()
  ORDER BY expires_at
  LIMIT 2000
  FOR UPDATE SKIP LOCKED
), deleted AS (
  DELETE FROM idempotency_replies USING expired
  WHERE idempotency_replies.principal_id = expired.principal_id
    AND idempotency_replies.idempotency_key = expired.idempotency_key
  RETURNING 1
)
SELECT count(*)::integer AS deleted FROM deleted
`;
