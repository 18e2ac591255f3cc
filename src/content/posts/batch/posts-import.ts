import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type JobType, JobTypes, type RowFault, type RunningJob } from '../../../jobs/index.js';
import { InvalidInput } from '../../../platform/errors/index.js';
import { type FeedRow, readFeed } from '../../feeds/feed.js';
import { FeedInput } from '../../feeds/feed-input.js';
import { PostsBatch } from './posts-batch.js';

/** Rows that one step takes. */
const STEP_ROWS = 100;

/** How far an import is. */
interface ImportState {
  readonly rows: number;
  readonly created: number;
  readonly refused: number;
}

/** The job `posts.import`: makes a post of each row of a feed. */
@Injectable()
export class PostsImport implements OnModuleInit {
  private readonly type: JobType<FeedInput, ImportState> = {
    type: 'posts.import',
    description:
      'Makes a post of each row. Columns are the fields of a post: `caption`, `platforms` (`feed|twitter`), `title`, ' +
      '`link`, `campaignId`, `status`, `scheduledFor`, `tags` (`a|b`); in JSON `variants` too. A row with a fault is ' +
      'passed over and reported.',
    resource: 'content.posts',
    level: 'write',
    input: FeedInput,
    content: 'content',
    run: (job) => this.run(job),
  };

  constructor(
    private readonly types: JobTypes,
    private readonly batch: PostsBatch,
  ) {}

  onModuleInit(): void {
    this.types.register(this.type);
  }

  private async run(job: RunningJob<FeedInput, ImportState>): Promise<object> {
    const { format, content } = job.input;
    const { rows, ragged } = readFeed(format, content);
    let state = job.state ?? { rows: 0, created: 0, refused: 0 };
    while (state.rows < rows.length) {
      const from = state.rows;
      const batch = rows.slice(from, from + STEP_ROWS);
      await job.step(async (tx) => {
        const faults: RowFault[] = [];
        let created = 0;
        for (const [index, row] of batch.entries()) {
          const number = from + index + 1;
          if (ragged.has(number)) {
            const reason = 'has another number of cells than there are columns';
            faults.push({ row: number, field: '', reason });
            continue;
          }
          try {
            await this.batch.createOne(tx, job.store, format === 'csv' ? fieldsOf(row) : row);
            created += 1;
          } catch (error) {
            if (!(error instanceof InvalidInput)) throw error;
            faults.push(...error.errors.map((fault) => ({ row: number, ...fault })));
          }
        }
        state = {
          rows: from + batch.length,
          created: state.created + created,
          refused: state.refused + batch.length - created,
        };
        return { done: state.rows, total: rows.length, state, faults };
      });
    }
    return state;
  }
}

/** A row of texts as a body has it. */
function fieldsOf(row: FeedRow): FeedRow {
  const fields = Object.entries(row).map(([name, value]) => {
    const isList = (name === 'platforms' || name === 'tags') && typeof value === 'string';
    return [name, isList ? value.split('|').map((part) => part.trim()) : value] as const;
  });
  return Object.fromEntries(fields);
}
