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
}

export class PolicyListResponse {
  @ApiProperty({ type: [PolicyResponse] }) data!: PolicyResponse[];
}
