import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { LEVELS, type Level, Public } from '../platform/http/index.js';
import { ApiAnswer, ApiErrors } from '../platform/http/openapi/index.js';
import { RouteInventory } from './route-inventory.js';

export class RouteResponse {
  @ApiProperty({ example: 'GET' }) method!: string;
  @ApiProperty({ example: '/api/v1/campaigns/{id}' }) path!: string;
  @ApiProperty({ example: 'getCampaign' }) operationId!: string;
  @ApiProperty({ description: 'For everybody, without key or session.' }) public!: boolean;
  @ApiProperty({ type: String, nullable: true, example: 'content.campaigns' }) resource!: string | null;
  @ApiProperty({ enum: LEVELS, example: 'read' }) level!: Level;
  @ApiProperty({ description: 'Takes an Idempotency-Key.' }) idempotent!: boolean;
  @ApiProperty({ description: 'Costs no quota.' }) free!: boolean;
}

export class RouteListResponse {
  @ApiProperty({ type: [RouteResponse] }) data!: RouteResponse[];
}

/** Every route with what it needs: the same list that the coverage tests walk. */
@ApiTags('Gate')
@Controller('routes')
export class RoutesController {
  constructor(private readonly routes: RouteInventory) {}

  @Get()
  @Public()
  @ApiOperation({ operationId: 'listRoutes', summary: 'List every route with the scope it needs', security: [] })
  @ApiAnswer(RouteListResponse, { description: 'All routes.' })
  @ApiErrors()
  list(): RouteListResponse {
    return {
      data: this.routes
        .list()
        .filter(({ method }) => method !== 'ALL')
        .map(({ method, path, operationId, declaration }) => ({
          method,
          path: path.replace(/:(\w+)/g, '{$1}'),
          operationId,
          public: declaration.public,
          resource: declaration.resource,
          level: declaration.level,
          idempotent: declaration.idempotent,
          free: declaration.free,
        })),
    };
  }
}
