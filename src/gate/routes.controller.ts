import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiResponse, type OpenAPIObject } from '@nestjs/swagger';
import { etagOf } from '../platform/http/etag.js';
import { Context, LEVELS, type Level, Public, RequestContext } from '../platform/http/index.js';
import { ApiAnswer, ApiConditionalGet, ApiErrors, ApiGroup } from '../platform/http/openapi/index.js';
import { templateOf } from './openapi/index.js';
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

/** The document as it is sent: made on the first request for it. */
interface PrintedDocument {
  readonly text: string;
  readonly etag: string;
}

/** What the gate says of the API: every route with what it needs, and the document. */
@ApiGroup('Gate', 'What the gate says of itself: its routes and this document.')
@Controller()
export class RoutesController {
  private build: (() => OpenAPIObject) | undefined;
  private printed: PrintedDocument | undefined;

  constructor(private readonly routes: RouteInventory) {}

  /** Tells where the document comes from: it needs the whole application, which no part of it can ask for. */
  describeWith(build: () => OpenAPIObject): void {
    this.build = build;
  }

  @Get('routes')
  @Public()
  @ApiOperation({ operationId: 'listRoutes', summary: 'List every route with the scope it needs' })
  @ApiAnswer(RouteListResponse, { description: 'All routes.' })
  @ApiErrors()
  list(): RouteListResponse {
    return {
      data: this.routes
        .list()
        .filter(({ method }) => method !== 'ALL')
        .map(({ method, path, operationId, declaration }) => ({
          method,
          path: templateOf(path),
          operationId,
          public: declaration.public,
          resource: declaration.resource,
          level: declaration.level,
          idempotent: declaration.idempotent,
          free: declaration.free,
        })),
    };
  }

  @Get('openapi.json')
  @Public()
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiOperation({ operationId: 'getApiDocument', summary: 'Get this document' })
  @ApiResponse({
    status: 200,
    description: 'The API as an OpenAPI 3.1 document.',
    content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } },
  })
  @ApiConditionalGet()
  @ApiErrors()
  document(@Context() context: RequestContext): string {
    const { text, etag } = (this.printed ??= this.print());
    context.setHeader('ETag', etag);
    return text;
  }

  private print(): PrintedDocument {
    if (!this.build) throw new Error('The API document was not mounted.');
    const document = this.build();
    return { text: JSON.stringify(document), etag: etagOf(document) };
  }
}
