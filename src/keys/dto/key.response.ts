import { ApiProperty } from '@nestjs/swagger';
import { LEVELS, type Level } from '../../platform/http/index.js';
import { type KeyLimits, KeyLimitsResponse } from './key.limits.js';
import { KEY_STATUSES, type KeyStatus } from './key.query.js';

const TIME = { type: 'string', format: 'date-time' } as const;
const LEVEL_MAP = { type: 'object' as const, additionalProperties: { type: 'string', enum: [...LEVELS] } };

export class KeyRoleResponse {
  @ApiProperty({ example: 'rol_01j00000000e0080000000000h' }) id!: string;
  @ApiProperty({ example: 'read-only' }) name!: string;
}

export class KeyCreatorResponse {
  @ApiProperty({ enum: ['key', 'member', 'system'] }) type!: string;
  @ApiProperty({ description: 'The public id of the key or member, or the name of the system’s part.' })
  id!: string;
}

export class KeyOwnerResponse {
  @ApiProperty({ example: 'mem_01k0b3w2f7e1rt5m8v9xq4zj6d' }) id!: string;
  @ApiProperty({ example: 'Ada Lovelace' }) name!: string;
}

export class KeyUsageTodayResponse {
  @ApiProperty({ type: 'integer', description: 'Requests since midnight UTC, refused ones too.' })
  requests!: number;
  @ApiProperty({ type: 'integer', description: 'Those charged to the quota.' }) charged!: number;
}

/** One secret of a key: enough to tell who still uses the old one. */
export class KeySecretResponse {
  @ApiProperty() id!: string;
  @ApiProperty({ example: 'gate_live_AbCd…wXyZ' }) preview!: string;
  @ApiProperty(TIME) createdAt!: string;
  @ApiProperty({ ...TIME, nullable: true, description: 'When it stops working; null: with the key.' })
  endsAt!: string | null;
  @ApiProperty({ ...TIME, nullable: true }) lastUsedAt!: string | null;
  @ApiProperty({ type: String, nullable: true }) lastUsedIp!: string | null;
}

export class KeyResponse {
  @ApiProperty({ example: 'key_01k0b3w2f7e1rt5m8v9xq4zj6d' }) id!: string;
  @ApiProperty() storeId!: string;
  @ApiProperty() name!: string;
  @ApiProperty({
    description: 'Enough of the newest token to recognise it by.',
    example: 'gate_live_AbCd…wXyZ',
  })
  preview!: string;
  @ApiProperty({ enum: KEY_STATUSES }) status!: KeyStatus;
  @ApiProperty({ enum: ['live', 'test'] }) environment!: 'live' | 'test';
  @ApiProperty({ type: KeyRoleResponse }) role!: KeyRoleResponse;
  @ApiProperty({
    ...LEVEL_MAP,
    nullable: true,
    description: 'The key’s own narrowing; null where it has none.',
  })
  permissions!: Record<string, Level> | null;
  @ApiProperty({ ...LEVEL_MAP, description: 'What role, permissions and plan leave, for every resource.' })
  effective!: Record<string, Level>;
  @ApiProperty({ type: [String], nullable: true }) ipAllowlist!: string[] | null;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } }) metadata!: Record<
    string,
    unknown
  >;
  @ApiProperty({ type: KeyLimitsResponse, description: 'The key’s own, beside those of its quota subject.' })
  limits!: KeyLimits;
  @ApiProperty({ ...TIME, nullable: true }) expiresAt!: string | null;
  @ApiProperty({ ...TIME, nullable: true }) revokedAt!: string | null;
  @ApiProperty({ type: String, nullable: true }) revokedReason!: string | null;
  @ApiProperty({ description: 'The newest secret is older than 90 days.' }) rotationDue!: boolean;
  @ApiProperty({
    type: KeyOwnerResponse,
    nullable: true,
    description: 'The member who answers for it; null where nobody does.',
  })
  owner!: KeyOwnerResponse | null;
  @ApiProperty({ type: KeyCreatorResponse }) createdBy!: KeyCreatorResponse;
  @ApiProperty(TIME) createdAt!: string;
  @ApiProperty(TIME) updatedAt!: string;
  @ApiProperty({ ...TIME, nullable: true }) lastUsedAt!: string | null;
  @ApiProperty({ type: String, nullable: true }) lastUsedIp!: string | null;
  @ApiProperty({ type: KeyUsageTodayResponse }) usageToday!: KeyUsageTodayResponse;
  @ApiProperty({
    type: [KeySecretResponse],
    description: 'Newest first: those that still work, and the ten that ended last.',
  })
  secrets!: KeySecretResponse[];
}

/** The answer that shows a token: the only time it is seen. */
export class KeyWithTokenResponse extends KeyResponse {
  @ApiProperty({ description: 'The secret itself, shown in this answer alone.' })
  token!: string;
}

export class RotatedKeyResponse extends KeyWithTokenResponse {
  @ApiProperty({ ...TIME, description: 'When the secret before this one stops working.' })
  oldSecretEndsAt!: string;
}
