import { ApiProperty } from '@nestjs/swagger';
import { ERROR_CATALOGUE } from '../../platform/errors/index.js';
import { type Level, LEVELS } from '../../platform/http/index.js';

export const LIMITS = ['role', 'key', 'plan', 'ip', 'store', 'status', 'environment', 'operator'] as const;
export type Limit = (typeof LIMITS)[number];

export const UNCHECKED = ['quota', 'ip', 'object', 'plan'] as const;
export type Unchecked = (typeof UNCHECKED)[number];

const LEVEL = { enum: LEVELS, type: String, nullable: true } as const;

export class SimulatedRouteResponse {
  @ApiProperty({ example: 'GET' }) method!: string;
  @ApiProperty({ example: '/api/v1/campaigns/{id}' }) path!: string;
  @ApiProperty({ example: 'getCampaign' }) operationId!: string;
}

export class RequiredLevelResponse {
  @ApiProperty({ example: 'content.campaigns' }) resource!: string;
  @ApiProperty({ enum: LEVELS }) level!: Level;
}

/** The gate's verdict on a request that was not made. */
export class SimulationResponse {
  @ApiProperty() allowed!: boolean;
  @ApiProperty({ enum: [200, 401, 403, 404], description: 'What the gate would answer; 200 is let in.' })
  status!: number;
  @ApiProperty({
    enum: Object.keys(ERROR_CATALOGUE),
    type: String,
    nullable: true,
    description: 'The code of the refusal.',
    example: 'PERMISSION_DENIED',
  })
  code!: string | null;
  @ApiProperty({ description: 'Why, in a sentence.' }) reason!: string;
  @ApiProperty({ enum: LIMITS, type: String, nullable: true, description: 'What refuses.' })
  limitedBy!: Limit | null;
  @ApiProperty({
    type: SimulatedRouteResponse,
    nullable: true,
    description: 'The route that takes the path; null where none does, or none was asked for.',
  })
  route!: SimulatedRouteResponse | null;
  @ApiProperty({
    type: RequiredLevelResponse,
    nullable: true,
    description: 'What is needed; null where no grant is. The levels below are those held on this resource.',
  })
  required!: RequiredLevelResponse | null;
  @ApiProperty({ ...LEVEL, description: 'What role, permissions and plan leave.' }) granted!: Level | null;
  @ApiProperty({ ...LEVEL, description: 'What the role gives.' }) role!: Level | null;
  @ApiProperty({ ...LEVEL, description: 'What the key’s own permissions leave; null where it has none.' })
  key!: Level | null;
  @ApiProperty({ ...LEVEL, description: 'The highest level of the plan.' }) plan!: Level | null;
  @ApiProperty({ type: String, nullable: true, description: 'What would have to change, and where.' })
  missing!: string | null;
  @ApiProperty({
    enum: UNCHECKED,
    isArray: true,
    description:
      'What was left out: `quota` always; `ip` where the key has an allow-list and no address was given; `object`, whether what the path names exists; `plan` where no organization is known.',
  })
  unchecked!: Unchecked[];
}
