import { EnumField, IdField, idPattern, TextField, TimestampField } from '../../platform/http/input/index.js';
import { ACTIONS } from './change.response.js';

/** Which changes are meant: all that fit every filter that is given. */
export class ChangeFilter {
  @TextField({
    max: 64,
    pattern: /^[a-z][a-z_]*$/,
    patternReason: 'must be what the change log calls a thing, such as key',
    optional: true,
    description: 'Changes of this kind of thing.',
    example: 'key',
  })
  entity?: string;

  @TextField({
    max: 100,
    optional: true,
    description:
      'Changes of this very thing: its id; for what has none of ours, such as a plan, with `entity`.',
  })
  entityId?: string;

  @TextField({
    max: 200,
    pattern: /^((key|mem)_[0-7][0-9a-hjkmnp-tv-z]{25}|(system|database):.+)$/,
    patternReason: 'must be the id of a key or member, or system:<part>, or database:<role>',
    optional: true,
    description: 'Changes by this key or member, by a part of the system, or by SQL typed by hand.',
    example: 'system:cli',
  })
  actor?: string;

  @EnumField({ values: ACTIONS, optional: true, description: 'Changes of this kind.' })
  action?: (typeof ACTIONS)[number];

  @IdField('store', { optional: true, description: 'Changes in this store.' })
  storeId?: string;

  @IdField('request', { optional: true, description: 'What this request changed.' })
  requestId?: string;

  @TimestampField({ day: 'first', optional: true, description: 'Changes from this moment or day (UTC) on.' })
  from?: Date;

  @TimestampField({
    day: 'last',
    optional: true,
    description: 'Changes up to this moment, or to the end of this day (UTC).',
  })
  to?: Date;

  @TextField({
    max: 30,
    pattern: new RegExp(`^none$|${idPattern('organization')}`),
    patternReason: 'must be the id of an organization, org_…, or none',
    optional: true,
    description: 'For operators: another organization’s changes, or `none` for those that belong to none.',
  })
  organizationId?: string;
}
