import { ApiProperty } from '@nestjs/swagger';
import { idPattern } from '../../platform/http/input/index.js';
import { LEVELS } from '../../platform/http/index.js';
import { type IdKind, toPublicId, toPublicIdOrNull } from '../../platform/ids/index.js';
import { ChangeResponse } from './change.response.js';
import { OUTCOMES } from './request-filter.js';
import type { RequestRow } from './request-row.js';

const id = (kind: IdKind): PropertyDecorator => ApiProperty({ type: 'string', pattern: idPattern(kind) });
const idOrNull = (kind: IdKind, description?: string): PropertyDecorator =>
  ApiProperty({ type: 'string', pattern: idPattern(kind), nullable: true, description });
const textOrNull = (description?: string, example?: string): PropertyDecorator =>
  ApiProperty({ type: 'string', nullable: true, description, example });
const count = (description?: string, example = 0): PropertyDecorator =>
  ApiProperty({ type: 'integer', minimum: 0, description, example });

/** A request as the log has it. */
export class LoggedRequestResponse {
  @id('request') requestId!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it arrived.' }) at!: string;
  @count('How long it took, in microseconds.', 1834) durationMicros!: number;
  @idOrNull('organization', 'Null for strangers.') organizationId!: string | null;
  @idOrNull('store') storeId!: string | null;
  @idOrNull('key') keyId!: string | null;
  @textOrNull('Its name at the time.', 'Website') keyName!: string | null;
  @textOrNull(undefined, 'gate_live_AbCd…wXyZ') keyPreview!: string | null;
  @idOrNull('member') memberId!: string | null;
  @idOrNull('role', 'The role that the principal had then.') roleId!: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'The role’s version then.' })
  roleVersion!: number | null;
  @ApiProperty({ type: 'string', example: 'GET' }) method!: string;
  @textOrNull('The route’s template; null where no route took the path.', '/api/v1/campaigns/:id')
  route!: string | null;
  @textOrNull('The operation’s name in the API document.', 'getCampaign') operation!: string | null;
  @ApiProperty({ type: 'string', example: '/api/v1/campaigns' }) path!: string;
  @textOrNull('Without the values of secret parameters; null where there was none, or it was erased.')
  query!: string | null;
  @textOrNull('What the route works on.', 'content.campaigns') resource!: string | null;
  @ApiProperty({
    type: 'string',
    enum: [...LEVELS, null],
    nullable: true,
    description: 'What the route needs.',
  })
  level!: string | null;
  @ApiProperty({
    type: 'string',
    enum: [...LEVELS, null],
    nullable: true,
    description: 'What the principal had, as it was evaluated.',
  })
  effectiveLevel!: string | null;
  @ApiProperty({ type: 'integer', example: 200 }) status!: number;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The status sent; null: the client had gone.',
  })
  answered!: number | null;
  @ApiProperty({ type: 'string', enum: [...OUTCOMES] }) outcome!: string;
  @textOrNull('Why it was refused.', 'QUOTA_EXCEEDED') errorCode!: string | null;
  @textOrNull('The same in words.') reason!: string | null;
  @textOrNull('Null where it was erased.', '203.0.113.7') ip!: string | null;
  @textOrNull('Null where there was none, or it was erased.') userAgent!: string | null;
  @textOrNull('The caller’s own X-Request-Id.') clientRequestId!: string | null;
  @ApiProperty({ type: 'integer', format: 'int64', nullable: true, description: 'Null for a stream.' })
  responseBytes!: number | null;
  @count('Requests charged to the quota.') quotaCharged!: number;
  @ApiProperty({ description: 'It was answered with the first answer to its Idempotency-Key.' })
  replayed!: boolean;
  @count('How many requests the row stands for.', 1) occurrences!: number;
}

/** Where a row stands in the log, for whoever proves it. */
export class LogPlaceResponse {
  @ApiProperty({ type: 'integer' }) writer!: number;
  @ApiProperty({ type: 'integer' }) batch!: number;
  @ApiProperty({ type: 'integer' }) position!: number;
}

/** A row that closes or corrects an earlier one. */
export class ClosingRowResponse extends LoggedRequestResponse {
  @ApiProperty({ type: LogPlaceResponse }) place!: LogPlaceResponse;
}

/** A request with all that belongs to it. */
export class LoggedRequestDetailResponse extends LoggedRequestResponse {
  @ApiProperty({ type: LogPlaceResponse }) place!: LogPlaceResponse;
  @ApiProperty({
    type: [ClosingRowResponse],
    description: 'Rows that close it: a stream’s end (`completed`), an answer that came too late (`late`).',
  })
  closedBy!: ClosingRowResponse[];
  @ApiProperty({ type: [ChangeResponse], description: 'What it changed: the first 100.' })
  changes!: ChangeResponse[];
  @ApiProperty({ description: 'Whether it changed more; `GET /audit/changes?requestId=` has all.' })
  hasMoreChanges!: boolean;
}

/** A row as the API answers it. */
export function presentRequest(row: RequestRow): LoggedRequestResponse {
  return {
    requestId: toPublicId('request', row.request_id),
    at: row.at.toISOString(),
    durationMicros: row.duration_micros,
    organizationId: toPublicIdOrNull('organization', row.organization_id),
    storeId: toPublicIdOrNull('store', row.store_id),
    keyId: toPublicIdOrNull('key', row.key_id),
    keyName: row.key_name,
    keyPreview: row.key_preview,
    memberId: toPublicIdOrNull('member', row.member_id),
    roleId: toPublicIdOrNull('role', row.role_id),
    roleVersion: row.role_version,
    method: row.method,
    route: row.route,
    operation: row.operation,
    path: row.path,
    query: row.query,
    resource: row.resource,
    level: row.level,
    effectiveLevel: row.effective_level,
    status: row.status,
    answered: row.answered,
    outcome: row.outcome,
    errorCode: row.error_code,
    reason: row.reason,
    ip: row.ip,
    userAgent: row.user_agent,
    clientRequestId: row.client_request_id,
    responseBytes: row.response_bytes,
    quotaCharged: row.quota_charged,
    replayed: row.replayed,
    occurrences: row.occurrences,
  };
}

/** The same, with its place. */
export function presentPlaced(row: RequestRow): ClosingRowResponse {
  const place = { writer: row.writer, batch: row.batch_no, position: row.position };
  return { ...presentRequest(row), place };
}
