import { ApiProperty } from '@nestjs/swagger';
import { type Level, LEVELS } from '../../platform/http/index.js';

const LEVEL_MAP = { type: 'object' as const, additionalProperties: { type: 'string', enum: [...LEVELS] } };

export class RoleResponse {
  @ApiProperty({ example: 'rol_01j0000000e008000000000002' }) id!: string;
  @ApiProperty({ example: 'read-write' }) name!: string;
  @ApiProperty() description!: string;
  @ApiProperty({ description: 'Built in: belongs to nobody and never changes.' }) builtin!: boolean;
  @ApiProperty(LEVEL_MAP) grants!: Record<string, Level>;
  @ApiProperty({ ...LEVEL_MAP, description: 'What the grants come to, for every resource.' })
  levels!: Record<string, Level>;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: string;
}

export class LevelChangeResponse {
  @ApiProperty({
    example: 'content.campaigns',
    description: 'A resource; `content.*` is what the category gets later.',
  })
  resource!: string;
  @ApiProperty({ enum: LEVELS }) before!: Level;
  @ApiProperty({ enum: LEVELS }) after!: Level;
}

export class RoleChangeResponse {
  @ApiProperty({ type: [LevelChangeResponse], description: 'Every level of the role that differs.' })
  levels!: LevelChangeResponse[];
  @ApiProperty({ description: 'Active keys that have the role.' }) affectedKeys!: number;
  @ApiProperty({ description: 'Members who have the role.' }) affectedMembers!: number;
}

/** A role after a change, and what the change was. */
export class ChangedRoleResponse extends RoleResponse {
  @ApiProperty({ type: RoleChangeResponse }) change!: RoleChangeResponse;
}

/** An active key with the role: what role, permissions and plan would then leave it, where that differs. */
export class AffectedKeyResponse {
  @ApiProperty({ example: 'key_01k0b3w2f7e1rt5m8v9xq4zj6d' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ type: [LevelChangeResponse] }) levels!: LevelChangeResponse[];
}

/** What a change would make of a role; nothing is saved. */
export class RolePreviewResponse extends ChangedRoleResponse {
  @ApiProperty({
    type: [AffectedKeyResponse],
    nullable: true,
    description: 'The newest 20 of the affected keys; null for whoever may not read keys.',
  })
  keys!: AffectedKeyResponse[] | null;
}

export class ResourceResponse {
  @ApiProperty({ example: 'content.campaigns' }) name!: string;
  @ApiProperty({ example: 'content' }) category!: string;
  @ApiProperty({ example: 'Campaigns' }) label!: string;
  @ApiProperty({ enum: LEVELS, description: 'The highest level that can be granted.' }) highestLevel!: Level;
  @ApiProperty({ type: [String], description: 'Resources that a grant on this one lets read.' })
  relates!: string[];
}

export class ResourceListResponse {
  @ApiProperty({ type: [ResourceResponse] }) data!: ResourceResponse[];
}

export class PolicyResponse {
  @ApiProperty({ example: 'Campaigns Read-only' }) name!: string;
  @ApiProperty(LEVEL_MAP) grants!: Record<string, Level>;
  @ApiProperty({
    ...LEVEL_MAP,
    description: 'What the grants come to: the resource itself, and those that relate to it.',
    example: { 'content.campaigns': 'read' },
  })
  levels!: Record<string, Level>;
}

export class PolicyListResponse {
  @ApiProperty({ type: [PolicyResponse] }) data!: PolicyResponse[];
}
