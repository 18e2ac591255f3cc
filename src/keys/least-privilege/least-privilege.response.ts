import { ApiProperty } from '@nestjs/swagger';
import { type Level, LEVELS } from '../../platform/http/index.js';

const LEVEL_MAP = { type: 'object' as const, additionalProperties: { type: 'string', enum: [...LEVELS] } };

export class UnusedLevelResponse {
  @ApiProperty({ example: 'content.campaigns' }) resource!: string;
  @ApiProperty({ enum: LEVELS, description: 'What role, permissions and plan leave the key now.' })
  granted!: Level;
  @ApiProperty({ enum: LEVELS, description: 'The highest that was needed.' }) used!: Level;
}

export class UseWindowResponse {
  @ApiProperty({ example: 30 }) days!: number;
  @ApiProperty({ ...LEVEL_MAP, description: 'The highest level that was needed on each resource.' })
  used!: Record<string, Level>;
  @ApiProperty({ type: [UnusedLevelResponse], description: 'Held, and never needed in these days.' })
  unused!: UnusedLevelResponse[];
}

export class SuggestedRoleResponse {
  @ApiProperty({ example: 'rol_01j00000000e0080000000000h' }) id!: string;
  @ApiProperty({ example: 'read-only' }) name!: string;
  @ApiProperty() builtin!: boolean;
}

export const ADVICE = ['revoke', 'narrow', 'keep'] as const;
export type Advice = (typeof ADVICE)[number];

export class LeastPrivilegeSuggestionResponse {
  @ApiProperty({
    enum: ADVICE,
    description: '`revoke` where the key was not used at all, `narrow` where it holds more than it used.',
  })
  advice!: Advice;
  @ApiProperty({ description: 'Why, in a sentence.' }) reason!: string;
  @ApiProperty({
    type: SuggestedRoleResponse,
    nullable: true,
    description: 'The smallest role there is that would have served; null where nothing was used.',
  })
  role!: SuggestedRoleResponse | null;
  @ApiProperty({ type: [SuggestedRoleResponse], description: 'The five smallest that would have served.' })
  roles!: SuggestedRoleResponse[];
  @ApiProperty({ ...LEVEL_MAP, description: 'The grants of a role made for what was used, and no more.' })
  grants!: Record<string, Level>;
  @ApiProperty({
    ...LEVEL_MAP,
    description: 'The `permissions` that narrow the key, with its role, to that.',
  })
  permissions!: Record<string, Level>;
}

/** What a key has used of what it may do. */
export class LeastPrivilegeResponse {
  @ApiProperty({ example: 'key_01k0b3w2f7e1rt5m8v9xq4zj6d' }) keyId!: string;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'From when on use was counted; a window that begins earlier tells less than its days.',
  })
  observedSince!: string;
  @ApiProperty({ type: [UseWindowResponse], description: 'The last 30 and the last 90 days.' })
  windows!: UseWindowResponse[];
  @ApiProperty({ type: LeastPrivilegeSuggestionResponse, description: 'By the longest window.' })
  suggestion!: LeastPrivilegeSuggestionResponse;
}
