import { EnumField, IdField, idPattern, TextField, TimestampField } from '../../platform/http/input/index.js';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** How a request ended. `streaming` rows are closed by `completed` ones; `late` rows came after their deadline. */
export const OUTCOMES = ['answered', 'client_gone', 'streaming', 'completed', 'late', 'unknown'] as const;
export type LoggedOutcome = (typeof OUTCOMES)[number];

/** Which requests are meant: all that fit every filter that is given. */
export class RequestFilter {
  @IdField('key', { optional: true, description: 'Requests of this key, a deleted one too.' })
  keyId?: string;

  @IdField('member', { optional: true, description: 'Requests of this member.' })
  memberId?: string;

  @IdField('store', { optional: true, description: 'Requests in this store.' })
  storeId?: string;

  @IdField('role', { optional: true, description: 'Requests of principals that had this role then.' })
  roleId?: string;

  @EnumField({ values: METHODS, optional: true, description: 'Requests with this method.' })
  method?: (typeof METHODS)[number];

  @TextField({
    max: 500,
    optional: true,
    description: 'Requests of this route, by its template.',
    example: '/api/v1/campaigns/:id',
  })
  route?: string;

  @TextField({
    max: 3,
    pattern: /^[1-5](\d\d|xx)$/,
    patternReason: 'must be a status such as 404, or a class such as 4xx',
    optional: true,
    description: 'Requests answered with this status, or with one of this class.',
    example: '4xx',
  })
  status?: string;

  @TextField({
    max: 64,
    pattern: /^[A-Z][A-Z0-9_]*$/,
    patternReason: 'must be an error code such as QUOTA_EXCEEDED',
    optional: true,
    description: 'Requests refused with this code.',
    example: 'QUOTA_EXCEEDED',
  })
  errorCode?: string;

  @IdField('request', { optional: true, description: 'The request with this id.' })
  requestId?: string;

  @TextField({
    max: 50,
    optional: true,
    description: 'Requests from this address, or from this network in CIDR notation, IPv4 or IPv6.',
    example: '203.0.113.0/24',
  })
  ip?: string;

  @TimestampField({
    day: 'first',
    optional: true,
    description: 'Requests from this moment or day (UTC) on.',
    example: '2026-03-01',
  })
  from?: Date;

  @TimestampField({
    day: 'last',
    optional: true,
    description: 'Requests up to this moment, or to the end of this day (UTC).',
    example: '2026-03-31',
  })
  to?: Date;

  @TextField({ max: 200, optional: true, description: 'Requests whose path has this text, in any case.' })
  q?: string;

  @EnumField({
    values: OUTCOMES,
    optional: true,
    description:
      'Requests that ended so. Rows that close a stream (`completed`) are listed only where they are asked for.',
  })
  outcome?: LoggedOutcome;

  @TextField({
    max: 30,
    pattern: new RegExp(`^none$|${idPattern('organization')}`),
    patternReason: 'must be the id of an organization, org_…, or none',
    optional: true,
    description: 'For operators: another organization’s requests, or `none` for those that belong to none.',
  })
  organizationId?: string;
}
