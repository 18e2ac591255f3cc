import { ApiProperty } from '@nestjs/swagger';
import { idPattern } from '../../platform/http/input/index.js';
import { toPublicId, toPublicIdOrNull } from '../../platform/ids/index.js';
import { changeIdOf } from './change-id.js';
import type { ChangeRow } from './change-row.js';
import { publicEntityId, withPublicIds } from './public-ids.js';

export const ACTIONS = ['insert', 'update', 'delete', 'truncate'] as const;

const COLUMNS = { type: 'object', additionalProperties: true, nullable: true } as const;

export class ChangeActorResponse {
  @ApiProperty({
    enum: ['key', 'member', 'system', 'database'],
    description: '`database` is SQL typed by hand.',
  })
  type!: string;
  @ApiProperty({
    description:
      'The public id of the key or member; the name of the system’s part, or of the database’s role.',
  })
  id!: string;
}

/** One change of business data. */
export class ChangeResponse {
  @ApiProperty({ type: 'string', pattern: idPattern('change') }) id!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) at!: string;
  @ApiProperty({ type: ChangeActorResponse }) actor!: ChangeActorResponse;
  @ApiProperty({ enum: ACTIONS }) action!: string;
  @ApiProperty({ example: 'key' }) entity!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'What was changed; null for a truncate.' })
  entityId!: string | null;
  @ApiProperty({ type: 'string', pattern: idPattern('organization'), nullable: true })
  organizationId!: string | null;
  @ApiProperty({ type: 'string', pattern: idPattern('store'), nullable: true }) storeId!: string | null;
  @ApiProperty({
    ...COLUMNS,
    description: 'The row’s columns before, without secrets; null where it was made, or they were erased.',
    example: { name: 'Website' },
  })
  before!: Record<string, unknown> | null;
  @ApiProperty({
    ...COLUMNS,
    description: 'The same after; null where it was deleted, or they were erased.',
    example: { name: 'Shop' },
  })
  after!: Record<string, unknown> | null;
  @ApiProperty({
    type: 'string',
    pattern: idPattern('request'),
    nullable: true,
    description: 'What caused it.',
  })
  requestId!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'Why, in the actor’s words.' })
  reason!: string | null;
}

/** A row as the API answers it. */
export function presentChange(row: ChangeRow): ChangeResponse {
  const { actor_type: type, actor_id: actorId } = row;
  return {
    id: changeIdOf(row.id),
    at: row.at.toISOString(),
    actor: { type, id: type === 'key' || type === 'member' ? toPublicId(type, actorId) : actorId },
    action: row.action,
    entity: row.entity,
    entityId: publicEntityId(row.entity, row.entity_id),
    organizationId: toPublicIdOrNull('organization', row.organization_id),
    storeId: toPublicIdOrNull('store', row.store_id),
    before: withPublicIds(row.entity, row.before),
    after: withPublicIds(row.entity, row.after),
    requestId: toPublicIdOrNull('request', row.request_id),
    reason: row.reason,
  };
}
