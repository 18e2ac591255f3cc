import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../platform/http/input/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import type { AuditView } from './audit-view.entity.js';

class AuditViewOwnerResponse {
  @ApiProperty({ enum: ['key', 'member'] }) type!: 'key' | 'member';
  @ApiProperty({ type: 'string', description: 'The public id of the key or member.' }) id!: string;
}

/** A saved search as it is answered. */
@ApiSchema({ name: 'AuditView' })
export class AuditViewResponse {
  @ApiProperty({ type: 'string', pattern: idPattern('auditView') }) id!: string;
  @ApiProperty({ type: 'string', example: 'Refused last week' }) name!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { status: '4xx', method: 'POST' },
  })
  filters!: Record<string, string>;
  @ApiProperty() shared!: boolean;
  @ApiProperty({ type: AuditViewOwnerResponse, description: 'Whose it is.' }) owner!: AuditViewOwnerResponse;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: string;
}

export function presentView(view: AuditView): AuditViewResponse {
  return {
    id: toPublicId('auditView', view.id),
    name: view.name,
    filters: view.filters,
    shared: view.shared,
    owner: { type: view.ownerType, id: toPublicId(view.ownerType, view.ownerId) },
    createdAt: view.createdAt.toISOString(),
    updatedAt: view.updatedAt.toISOString(),
  };
}
