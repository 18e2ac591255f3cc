import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type JobType, JobTypes, type RowFault, type RunningJob } from '../../../jobs/index.js';
import { faultsOf, type FieldError } from '../../../platform/errors/index.js';
import { readInput } from '../../../platform/http/input/index.js';
import type { FeedRow } from '../../feeds/feed.js';
import { FeedSource } from '../../feeds/feed-source.js';
import { faultsAt, type ImportState, takeFeed } from '../../feeds/take-feed.js';
import { AudiencesService } from '../audiences.service.js';
import { MemberBody, MembersImportInput } from './member.input.js';
import { AudienceMembersService } from './audience-members.service.js';

/** Rows that one step takes. */
const STEP_ROWS = 500;

/** What rows came to. */
type Counts = Record<'created' | 'updated' | 'listed', number>;

/** The job `audiences.import`: lists the customers of a feed in an audience. */
@Injectable()
export class AudienceMembersImport implements OnModuleInit {
  private readonly type: JobType<MembersImportInput, ImportState<Counts>> = {
    type: 'audiences.import',
    description:
      'Lists customers in an audience, those that are not known yet included. Column `reference` (or `id`) is your own ' +
      'id of the customer; every other column is an attribute: in CSV, what looks like a number is one, and `true` and ' +
      '`false` are what they say. A row with a fault is passed over and reported.',
    resource: 'content.audiences',
    level: 'write',
    input: MembersImportInput,
    content: 'content',
    check: (input) => this.source.check(input),
    run: (job) => this.run(job),
  };

  constructor(
    private readonly types: JobTypes,
    private readonly source: FeedSource,
    private readonly audiences: AudiencesService,
    private readonly members: AudienceMembersService,
  ) {}

  onModuleInit(): void {
    this.types.register(this.type);
  }

  private async run(job: RunningJob<MembersImportInput, ImportState<Counts>>): Promise<object> {
    const { format, audienceId } = job.input;
    const { state } = await takeFeed(this.source, job, {
      rowsPerStep: STEP_ROWS,
      start: { created: 0, updated: 0, listed: 0 },
      take: async (tx, batch) => {
        await this.audiences.all.locked(tx, job.store, audienceId);
        const faults: RowFault[] = [];
        // The last row of a customer counts.
        const members = new Map<string, MemberBody>();
        for (const { number, row } of batch) {
          const read = readRow(row, format === 'csv');
          if ('faults' in read) faults.push(...faultsAt(number, read.faults));
          else members.set(read.value.reference, read.value);
        }
        const counts = await this.members.listAll(tx, job.store, audienceId, [...members.values()]);
        return { counts: { ...counts }, faults };
      },
    });
    return state;
  }
}

type ReadRow = { readonly value: MemberBody } | { readonly faults: readonly FieldError[] };

function readRow(row: FeedRow, textual: boolean): ReadRow {
  const { reference, id, ...rest } = row;
  const entries = Object.entries(rest).map(
    ([name, value]) => [name, textual ? valueOf(value) : value] as const,
  );
  const body = {
    // A number is an id too.
    reference: typeof (reference ?? id) === 'number' ? String(reference ?? id) : (reference ?? id),
    attributes: Object.fromEntries(entries),
  };
  const read = faultsOf(() => readInput(MemberBody, body, 'body'));
  if ('value' in read) return read;
  return {
    faults: read.faults.map(({ field, reason }) => ({ field: field.replace(/^attributes\.?/, ''), reason })),
  };
}

/** What a cell stands for. */
function valueOf(cell: unknown): unknown {
  if (cell === 'true' || cell === 'false') return cell === 'true';
  return typeof cell === 'string' && /^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/.test(cell) ? Number(cell) : cell;
}
