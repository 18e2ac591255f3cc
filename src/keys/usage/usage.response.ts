import { ApiProperty } from '@nestjs/swagger';
import { type Granularity, GRANULARITIES } from '../../audit/index.js';
import type { QuotaWindowName } from '../../platform/http/index.js';
import { KEY_STATUSES, type KeyStatus } from '../dto/key.query.js';

const TIME = { type: 'string', format: 'date-time' } as const;
const COUNT = { type: 'integer', format: 'int64', minimum: 0 } as const;
const WINDOWS = ['hour', 'day', 'key-hour', 'key-day'] as const satisfies QuotaWindowName[];

export class UsagePlanResponse {
  @ApiProperty({ example: 'pro' }) id!: string;
  @ApiProperty({ example: 'Pro' }) name!: string;
}

export class UsageSubjectResponse {
  @ApiProperty({ enum: ['organization', 'sandbox'] }) kind!: 'organization' | 'sandbox';
  @ApiProperty({ description: 'The id of the organization, or of the sandbox’s store.' }) id!: string;
  @ApiProperty() name!: string;
}

export class UsageWindowResponse {
  @ApiProperty({
    enum: WINDOWS,
    description: '`key-hour` and `key-day` are a key’s own limits, the others those of the quota’s subject.',
  })
  window!: QuotaWindowName;
  @ApiProperty(COUNT) limit!: number;
  @ApiProperty(COUNT) used!: number;
  @ApiProperty(COUNT) remaining!: number;
  @ApiProperty(TIME) resetsAt!: string;
  @ApiProperty({
    ...TIME,
    nullable: true,
    description:
      'When nothing will be left if the window goes on at its pace since it began; `at` where nothing is left; null where nothing was used, or the window is renewed first.',
  })
  projectedExhaustionAt!: string | null;
}

/** Requests of some time. */
export class UseResponse {
  @ApiProperty({ ...COUNT, description: 'Every request the key was known by, refused ones too.' })
  requests!: number;
  @ApiProperty({ ...COUNT, description: 'Those charged to the quota.' }) charged!: number;
}

export class UsageBucketResponse extends UseResponse {
  @ApiProperty({ ...TIME, description: 'The start of the hour or day (UTC).' }) from!: string;
}

export class UsageOfStoreResponse extends UseResponse {
  @ApiProperty({ example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ['live', 'sandbox'] }) kind!: 'live' | 'sandbox';
}

const USED_KEY_STATUSES = [...KEY_STATUSES, 'deleted'] as const;

export class UsedKeyResponse {
  @ApiProperty({ example: 'key_01k0b3w2f7e1rt5m8v9xq4zj6d' }) id!: string;
  @ApiProperty({ type: String, nullable: true, description: 'A deleted key’s last name; null: not known.' })
  name!: string | null;
  @ApiProperty({ example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' }) storeId!: string;
  @ApiProperty({ enum: USED_KEY_STATUSES }) status!: KeyStatus | 'deleted';
}

export class UsageOfKeyResponse extends UsedKeyResponse {
  @ApiProperty({ ...COUNT, description: 'Refused ones too.' }) requests!: number;
  @ApiProperty({ ...COUNT, description: 'Those charged to the quota.' }) charged!: number;
  @ApiProperty({ type: [UsageWindowResponse], description: 'The key’s own limits; empty where it has none.' })
  windows!: UsageWindowResponse[];
}

export class UsageOfKeysResponse {
  @ApiProperty({ type: [UsageOfKeyResponse] }) data!: UsageOfKeyResponse[];
  @ApiProperty({ description: 'Whether more keys were used.' }) hasMore!: boolean;
}

/** What both answers have: the quota as it is now, and the use in a range. */
export class UsageBaseResponse {
  @ApiProperty({ ...TIME, description: 'The moment of these figures, by the database clock.' }) at!: string;
  @ApiProperty({ type: UsagePlanResponse }) plan!: UsagePlanResponse;
  @ApiProperty({ type: UsageSubjectResponse, description: 'Whose quota it is.' })
  subject!: UsageSubjectResponse;
  @ApiProperty({ type: 'integer', description: 'Seconds between identical requests; 0 is none.' })
  pollSeconds!: number;
  @ApiProperty({ type: [UsageWindowResponse], description: 'Every window that binds.' })
  windows!: UsageWindowResponse[];
  @ApiProperty({ ...TIME, description: 'Where the series begins.' }) from!: string;
  @ApiProperty({ ...TIME, description: 'Where it ends; exclusive.' }) to!: string;
  @ApiProperty({ enum: GRANULARITIES }) granularity!: Granularity;
  @ApiProperty({ type: UseResponse, description: 'The sums over the series.' }) totals!: UseResponse;
  @ApiProperty({ type: [UsageBucketResponse], description: 'Every hour or day, those without use too.' })
  series!: UsageBucketResponse[];
}

/** What an organization or a sandbox uses of its quota. */
export class UsageResponse extends UsageBaseResponse {
  @ApiProperty({
    type: [UsageOfStoreResponse],
    description: 'The most charged first, at most 100. A key is told of its own store alone.',
  })
  stores!: UsageOfStoreResponse[];
  @ApiProperty({ description: 'Whether there are more stores.' }) hasMoreStores!: boolean;
  @ApiProperty({
    type: UsageOfKeysResponse,
    description:
      'The most charged first. Without read on `settings.keys` a key is told of itself alone, and a member of none.',
  })
  keys!: UsageOfKeysResponse;
}

/** What a key uses. */
export class KeyUsageResponse extends UsageBaseResponse {
  @ApiProperty({ type: UsedKeyResponse }) key!: UsedKeyResponse;
}
