import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type JobType, JobTypes, type RowFault, type RunningJob } from '../../../jobs/index.js';
import { InvalidInput } from '../../../platform/errors/index.js';
import type { FeedRow } from '../../feeds/feed.js';
import { FeedInput } from '../../feeds/feed-input.js';
import { FeedSource } from '../../feeds/feed-source.js';
import { faultsAt, type ImportState, takeFeed } from '../../feeds/take-feed.js';
import { PostsBatch } from './posts-batch.js';

/** Rows that one step takes. */
const STEP_ROWS = 100;

/** What rows came to. */
type Counts = Record<'created', number>;

/** The job `posts.import`: makes a post of each row of a feed. */
@Injectable()
export class PostsImport implements OnModuleInit {
  private readonly type: JobType<FeedInput, ImportState<Counts>> = {
    type: 'posts.import',
    description:
      'Makes a post of each row. Columns are the fields of a post: `caption`, `platforms` (`feed|twitter`), `title`, ' +
      '`link`, `campaignId`, `status`, `scheduledFor`, `tags` (`a|b`), `mediaIds` (`med_…|med_…`); in JSON `variants` too. A row with a fault is ' +
      'passed over and reported.',
    resource: 'content.posts',
    level: 'write',
    input: FeedInput,
    content: 'content',
    check: (input) => this.source.check(input),
    run: (job) => this.run(job),
  };

  constructor(
    private readonly types: JobTypes,
    private readonly source: FeedSource,
    private readonly batch: PostsBatch,
  ) {}

  onModuleInit(): void {
    this.types.register(this.type);
  }

  private async run(job: RunningJob<FeedInput, ImportState<Counts>>): Promise<object> {
    const { format } = job.input;
    const { state } = await takeFeed(this.source, job, {
      rowsPerStep: STEP_ROWS,
      start: { created: 0 },
      take: async (tx, batch) => {
        const faults: RowFault[] = [];
        let created = 0;
        for (const { number, row } of batch) {
          try {
            await this.batch.createOne(tx, job.store, format === 'csv' ? fieldsOf(row) : row);
            created += 1;
          } catch (error) {
            if (!(error instanceof InvalidInput)) throw error;
            faults.push(...faultsAt(number, error.errors));
          }
        }
        return { counts: { created }, faults };
      },
    });
    return state;
  }
}

/** Columns with several values. */
const LISTS = ['platforms', 'tags', 'mediaIds'];

/** A row of texts as a body has it. */
function fieldsOf(row: FeedRow): FeedRow {
  const fields = Object.entries(row).map(([name, value]) => {
    const isList = LISTS.includes(name) && typeof value === 'string';
    return [name, isList ? value.split('|').map((part) => part.trim()) : value] as const;
  });
  return Object.fromEntries(fields);
}
