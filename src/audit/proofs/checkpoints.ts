import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { Cursors } from '../../platform/http/lists/index.js';
import { CHECKPOINT_COLUMNS, type StoredCheckpoint } from '../leader/stored-checkpoint.js';
import { type LogPage, logPage } from '../search/log-page.js';
import type { ListCheckpointsQuery } from './checkpoint.query.js';
import { type CheckpointResponse, presentCheckpoint, type Publication } from './checkpoint.response.js';

const CURSOR = 'audit/checkpoints';

/** The checkpoints, the newest first. They cover the logs of the whole installation, and tell of nobody's rows. */
@Injectable()
export class Checkpoints {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  /**
   * @param tellsPlaces whether whoever asks may know where they were brought to
   * @throws InvalidInput for a cursor that is none of this list's
   */
  async page(query: ListCheckpointsQuery, tellsPlaces: boolean): Promise<LogPage<CheckpointResponse>> {
    const before = query.cursor === undefined ? null : this.cursors.read(CURSOR, query.cursor).id;
    const found = await this.database.query<StoredCheckpoint>(
      `SELECT ${CHECKPOINT_COLUMNS} FROM audit_checkpoints
       WHERE $1::bigint IS NULL OR no < $1 ORDER BY no DESC LIMIT $2`,
      [before, query.limit + 1],
    );
    const published = await this.publicationsOf(found.map(({ no }) => no));
    return logPage(
      query,
      found,
      (row) => presentCheckpoint(row, published.get(row.no) ?? [], tellsPlaces),
      ({ no }) => this.cursors.sign(CURSOR, { value: null, id: no }),
      null,
    );
  }

  private async publicationsOf(numbers: readonly string[]): Promise<Map<string, Publication[]>> {
    const rows = await this.database.query<Publication & { no: string }>(
      `SELECT checkpoint_no AS no, kind, place, published_at AS at FROM audit_publications
       WHERE checkpoint_no = ANY ($1::bigint[]) ORDER BY published_at, place`,
      [numbers],
    );
    return Map.groupBy(rows, ({ no }) => no);
  }
}
