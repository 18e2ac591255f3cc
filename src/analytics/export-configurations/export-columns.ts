import { type FieldError, InvalidInput } from '../../platform/errors/index.js';
import type { ContentOf } from '../../platform/records/index.js';
import { given } from '../schedules/schedule-fields.js';
import type { ScheduleStatus } from '../schedules/scheduled.js';
import {
  ExportConfigurationBody,
  type ExportConfigurationPatch,
  type ExportDestinationBody,
} from './dto/export-body.js';
import type { Bucket, ExportConfiguration } from './export-configuration.entity.js';
import { COLUMNS } from './export-tables.js';

/** What a body sets, with the secret of its bucket in the clear, where it has one. */
export interface GivenExport {
  readonly columns: Partial<ContentOf<ExportConfiguration>>;
  readonly secret: string | undefined;
}

/**
 * The columns that a body sets: of a whole configuration all of them, what it leaves out being empty; of a patch those
 * that it has.
 * @param status what a whole one is that does not say it
 * @throws InvalidInput for a destination that is not whole
 */
export function givenBy(
  body: ExportConfigurationBody | ExportConfigurationPatch,
  status: ScheduleStatus = 'ACTIVE',
): GivenExport {
  const { timezone, destination, ...fields } =
    body instanceof ExportConfigurationBody ? { ...EMPTY, status, ...given(body) } : given(body);
  return {
    columns: {
      ...fields,
      ...(timezone !== undefined && { timeZone: timezone }),
      ...(destination && { bucket: bucketOf(destination) }),
    },
    secret: destination?.secretAccessKey,
  };
}

/** That the columns are of the table. @throws InvalidInput */
export function assertColumns({ table, columns }: ExportConfiguration): void {
  const known: readonly string[] = COLUMNS[table];
  const faults = (columns ?? []).flatMap((column, index): FieldError[] =>
    known.includes(column) ? [] : [{ field: `columns[${index}]`, reason: `is no column of ${table}` }],
  );
  const [first, ...others] = faults;
  if (first) throw new InvalidInput([first, ...others]);
}

const LOCAL: ExportDestinationBody = { type: 'local' };
const EMPTY = { columns: null, schedule: null, destination: LOCAL };
const REQUIRED = ['endpoint', 'bucket', 'region', 'accessKeyId'] as const;
const OF_S3 = [...REQUIRED, 'prefix', 'secretAccessKey'] as const;

function bucketOf(destination: ExportDestinationBody): Bucket | null {
  const isS3 = destination.type === 's3';
  const wrong = isS3
    ? REQUIRED.filter((field) => destination[field] === undefined)
    : OF_S3.filter((field) => destination[field] !== undefined);
  const [first, ...others] = wrong.map((field) => ({
    field: `destination.${field}`,
    reason: isS3 ? 'is required for s3' : 'must not be there for local',
  }));
  if (first) throw new InvalidInput([first, ...others]);
  if (!isS3) return null;
  const { endpoint = '', bucket = '', region = '', accessKeyId = '', prefix = '' } = destination;
  const secretSetAt = new Date().toISOString();
  return { endpoint: endpoint.replace(/\/+$/, ''), bucket, region, prefix, accessKeyId, secretSetAt };
}
