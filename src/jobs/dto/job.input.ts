import { EnumField, IntegerField, JsonObjectField, TextField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';
import { JOB_STATUSES, type JobStatus } from '../job.entities.js';

const TYPE = {
  max: 60,
  pattern: /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/,
  patternReason: 'must be a type of job, e.g. products.import',
  example: 'products.import',
};

/** What is to be done. */
export class JobBody {
  @TextField({ ...TYPE, description: 'What to do; `GET /jobs/types` lists what there is.' })
  type!: string;

  @JsonObjectField({ description: 'What the type takes; faults are named `input.<field>`.', example: {} })
  input!: Record<string, unknown>;
}

/** How long to wait. */
export class JobQuery {
  @IntegerField({
    min: 0,
    max: 30,
    default: 0,
    description: 'Seconds to wait for the end of the job before it is answered as it stands.',
  })
  wait!: number;
}

const ORDERS = ['createdAt', 'updatedAt', 'finishedAt', 'status', 'type'] as const;

export class JobListQuery extends ListQuery {
  @TextField({ ...TYPE, optional: true, description: 'Only jobs of this type.' })
  type?: string;

  @EnumField({ values: JOB_STATUSES, optional: true, description: 'Only jobs of this status.' })
  status?: JobStatus;

  @EnumField({
    values: ORDERS,
    default: 'createdAt',
    description: 'What the list is ordered by. Jobs that are not finished come last.',
  })
  sortBy!: (typeof ORDERS)[number];
}

export class RowErrorListQuery extends ListQuery {
  @EnumField({ values: ['asc', 'desc'], default: 'asc', description: 'Ascending or descending.' })
  declare sortOrder: 'asc' | 'desc';

  @EnumField({ values: ['row'], default: 'row', description: 'What the list is ordered by.' })
  sortBy!: 'row';
}
