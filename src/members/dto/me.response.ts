import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Level, LEVELS, type Principal } from '../../platform/http/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { NamedReference } from './named-reference.js';

/** Who asks, and what they may do. */
export class MeResponse {
  @ApiProperty({ enum: ['key', 'member'] }) kind!: 'key' | 'member';
  @ApiProperty({ example: 'key_01h455vb4pex5vsknk084sn02q' }) id!: string;
  @ApiProperty() name!: string;
  @ApiPropertyOptional({ description: 'Members alone.' }) email?: string;
  @ApiPropertyOptional({ description: 'Members alone: whether they run the installation.' })
  operator?: boolean;
  @ApiPropertyOptional({ description: 'Members alone: whether signing in asks for a second factor.' })
  secondFactor?: boolean;
  @ApiPropertyOptional({ enum: ['live', 'test'], description: 'Keys alone.' }) environment?: 'live' | 'test';
  @ApiProperty({ type: NamedReference }) organization!: NamedReference;
  @ApiProperty({ type: NamedReference, nullable: true, description: 'The key’s store; null for members.' })
  store!: NamedReference | null;
  @ApiProperty({ type: NamedReference }) role!: NamedReference;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...LEVELS] },
    example: { 'content.campaigns': 'write' },
    description: 'The level that role, key and plan leave on every resource.',
  })
  permissions!: Record<string, Level>;
}

/** @param resources the names of every registered resource */
export function meResponse(principal: Principal, resources: readonly string[]): MeResponse {
  const { kind, name } = principal;
  return {
    kind,
    id: toPublicId(kind, principal.id),
    name,
    ...(principal.kind === 'member'
      ? { email: principal.email, operator: principal.operator }
      : { environment: principal.environment }),
    organization: {
      id: toPublicId('organization', principal.organizationId),
      name: principal.organizationName,
    },
    store:
      principal.kind === 'key'
        ? { id: toPublicId('store', principal.storeId), name: principal.storeName }
        : null,
    role: { id: toPublicId('role', principal.roleId), name: principal.roleName },
    permissions: Object.fromEntries(
      resources.map((resource) => [resource, principal.effective(resource).level]),
    ),
  };
}
