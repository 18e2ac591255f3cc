import { ApiProperty } from '@nestjs/swagger';

const TIME = { type: 'string', format: 'date-time', nullable: true } as const;
const OUTCOMES = ['revoked', 'rotated', 'extended', 'refused'] as const;
const REASONS = ['EXCEEDS_OWN_GRANTS', 'ENDS_LATER', 'NOT_ACTIVE', 'TOO_MANY_SECRETS'] as const;

export class BulkKeyResponse {
  @ApiProperty({ example: 'key_01k0b3w2f7e1rt5m8v9xq4zj6d' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Of its newest token, as it was before.', example: 'gate_live_AbCd…wXyZ' })
  preview!: string;
  @ApiProperty({ enum: OUTCOMES, description: 'What happened, or would; refused: it was left alone.' })
  outcome!: (typeof OUTCOMES)[number];
  @ApiProperty({
    enum: REASONS,
    required: false,
    description:
      'Why it was refused. `EXCEEDS_OWN_GRANTS`: it has more than you hold. `ENDS_LATER`: it ends later than the ' +
      'new end, or never. `NOT_ACTIVE`: it ended meanwhile. `TOO_MANY_SECRETS`: five of its secrets still work.',
  })
  reason?: (typeof REASONS)[number];
  @ApiProperty({ required: false, description: 'Rotated: the new token, shown in this answer alone.' })
  token?: string;
  @ApiProperty({
    ...TIME,
    nullable: false,
    required: false,
    description: 'Rotated: when the secret before it stops working.',
  })
  oldSecretEndsAt?: string;
  @ApiProperty({ ...TIME, required: false, description: 'Extended: the new end; null is never.' })
  expiresAt?: string | null;
  @ApiProperty({ ...TIME, description: 'Who still uses it, will notice.' }) lastUsedAt!: string | null;
  @ApiProperty({ type: 'integer', description: 'Its requests since midnight UTC.' }) requestsToday!: number;
}

export class BulkKeysResponse {
  @ApiProperty({ description: 'Nothing was changed.' }) dryRun!: boolean;
  @ApiProperty({ type: 'integer', description: 'Active keys that fit the filter.' }) matched!: number;
  @ApiProperty({
    description:
      'More fit than one call touches (200): the oldest were. Revoked ones fit no more, so that the same call goes on; ' +
      'otherwise name the others by `ids`.',
  })
  more!: boolean;
  @ApiProperty({ type: [BulkKeyResponse], description: 'In order of their creation.' })
  results!: BulkKeyResponse[];
}
