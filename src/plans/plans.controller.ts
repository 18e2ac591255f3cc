import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { Database } from '../platform/database/index.js';
import { type Level, LEVELS, Requires } from '../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../platform/http/openapi/index.js';
import { Plan } from './plan.entity.js';

export class PlanResponse {
  @ApiProperty({ example: 'pro' }) id!: string;
  @ApiProperty({ example: 'Pro' }) name!: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Requests an hour; null is no such window.' })
  hourLimit!: number | null;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Requests a day (UTC); null is no such window.',
  })
  dayLimit!: number | null;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Seconds between identical requests; null is none.',
  })
  pollSeconds!: number | null;
  @ApiProperty({ enum: LEVELS, description: 'The highest level that its keys reach.' }) highestLevel!: Level;
  @ApiProperty({ type: 'integer' }) activeKeysPerStore!: number;
}

export class PlanListResponse {
  @ApiProperty({ type: [PlanResponse] }) data!: PlanResponse[];
}

@ApiGroup('Plans', 'What a customer may use: quotas, intervals, levels.')
@Controller('plans')
export class PlansController {
  constructor(private readonly database: Database) {}

  @Get()
  @Requires('none')
  @ApiOperation({ operationId: 'listPlans', summary: 'List the plans' })
  @ApiAnswer(PlanListResponse, { description: 'All plans.' })
  @ApiErrors()
  async list(): Promise<PlanListResponse> {
    const plans = await this.database.manager.find(Plan, { order: { id: 'ASC' } });
    return { data: plans.map(({ version: _version, ...plan }) => plan) };
  }
}
