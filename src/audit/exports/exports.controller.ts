import { Body, Controller, Delete, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { isKnown, requestedRange } from '../../platform/http/byte-range.js';
import { withEtag } from '../../platform/http/etag.js';
import {
  Context,
  OrganizationWide,
  Pollable,
  RequestContext,
  Requires,
  Resource,
  setLocation,
} from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiGroup,
  ApiIfMatch,
  ApiNoContent,
  ApiPage,
} from '../../platform/http/openapi/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { ObjectStorage } from '../../platform/storage/index.js';
import { AUDIT_LOGS } from '../resource.js';
import { Standing } from '../tail/standing.js';
import { artefactName } from './artefact.js';
import { FILE_TYPES, fileName } from './export-format.js';
import { CreateAuditExportInput, ListAuditExportsQuery } from './export.input.js';
import { AuditExportResponse, ManifestResponse } from './export.response.js';
import { ExportsService } from './exports.service.js';
import { whileStanding } from './while-standing.js';

/** Exports of the two logs, as files with a signed manifest. */
@ApiGroup('Audit')
@Controller('audit/exports')
@OrganizationWide()
@Resource(AUDIT_LOGS.name, AUDIT_LOGS)
export class ExportsController {
  constructor(
    private readonly exports: ExportsService,
    private readonly storage: ObjectStorage,
    private readonly standing: Standing,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listAuditExports', summary: 'List the exports' })
  @ApiPage(AuditExportResponse, 'A page of exports, the newest first.')
  @ApiErrors()
  list(
    @Query() query: ListAuditExportsQuery,
    @Context() context: RequestContext,
  ): Promise<Page<AuditExportResponse>> {
    return this.exports.list(context.authenticated.organizationId, query);
  }

  @Post()
  @HttpCode(202)
  @Requires('read')
  @ApiOperation({
    operationId: 'createAuditExport',
    summary: 'Export a log',
    description:
      'Written in the background; look at it until its status is `done`. Every row of your organization that was ' +
      'committed before this request is in it, and none that is committed after; there is no most. At most five ' +
      'exports are under way at a time (409).',
  })
  @ApiAnswer(AuditExportResponse, {
    status: 202,
    description: 'The export, which is queued.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Body() body: CreateAuditExportInput,
    @Context() context: RequestContext,
  ): Promise<AuditExportResponse> {
    const created = await this.exports.create(context, body);
    setLocation(context, created.id);
    return withEtag(context, created);
  }

  @Get(':id')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'getAuditExport',
    summary: 'Get an export: how far it is, and its result',
    description: 'The polling interval does not apply.',
  })
  @ApiAnswer(AuditExportResponse, { description: 'The export.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @IdParam('auditExport') id: string,
    @Context() context: RequestContext,
  ): Promise<AuditExportResponse> {
    return withEtag(context, await this.exports.get(context.authenticated.organizationId, id));
  }

  @Get(':id/manifest')
  @Requires('read')
  @ApiOperation({
    operationId: 'getAuditExportManifest',
    summary: 'Get the signed manifest of an export',
    description:
      '`gatehouse audit check-export` checks a file by it, without a server. 409 while it is not done.',
  })
  @ApiAnswer(ManifestResponse, { description: 'The manifest.', etag: true })
  @ApiConditionalGet()
  @ApiErrors('conflict')
  async manifest(
    @IdParam('auditExport') id: string,
    @Context() context: RequestContext,
  ): Promise<ManifestResponse> {
    return withEtag(context, await this.exports.manifest(context.authenticated.organizationId, id));
  }

  @Get(':id/file')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'downloadAuditExport',
    summary: 'Download the file of an export',
    description:
      'Sent as it is read. A download that was cut goes on with `Range`, and with the ETag as `If-Range`; each ' +
      'request has its row in the log. 409 while the export is not done.',
  })
  @ApiHeader({
    name: 'Range',
    required: false,
    description: 'One range of bytes.',
    schema: { type: 'string' },
  })
  @ApiHeader({
    name: 'If-Range',
    required: false,
    description: 'The ETag of what you have a part of; all of it is sent where that is another version.',
    schema: { type: 'string' },
  })
  @ApiConditionalGet()
  @ApiFile(200, 'The file.')
  @ApiFile(206, 'The part of the file that was asked for.')
  @ApiErrors('conflict', 'ranged')
  async download(
    @IdParam('auditExport') id: string,
    @Context() context: RequestContext,
  ): Promise<StreamableFile | undefined> {
    const { order, run } = await this.exports.finished(context.authenticated.organizationId, id);
    const { headers } = context.request;
    const etag = `"${run.sha256}"`;
    context.setHeader('ETag', etag);
    context.setHeader('Accept-Ranges', 'bytes');
    if (isKnown(headers['if-none-match'], etag)) {
      context.response.status(304);
      return undefined;
    }
    const range = requestedRange(headers, { bytes: run.bytes, etag });
    if (range) {
      context.response.status(206);
      context.setHeader('Content-Range', `bytes ${range.first}-${range.last}/${run.bytes}`);
    }
    const file = await this.storage.read(artefactName(order.id, run.runId), range);
    return new StreamableFile(whileStanding(file, this.standing, context), {
      type: FILE_TYPES[order.format].media,
      length: range ? range.last - range.first + 1 : run.bytes,
      disposition: `attachment; filename="${fileName(order.log, order.format, toPublicId('auditExport', order.id))}"`,
    });
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('read')
  @ApiOperation({
    operationId: 'deleteAuditExport',
    summary: 'Cancel an export, or remove it with its file',
    description: 'Whoever may export may also do this. The change log keeps that there was one.',
  })
  @ApiIfMatch()
  @ApiNoContent('The export is gone.')
  @ApiErrors('conditional')
  async delete(@IdParam('auditExport') id: string, @Context() context: RequestContext): Promise<void> {
    await this.exports.delete(context, id);
  }
}

/** The bytes of an export, as a route answers them. */
function ApiFile(status: 200 | 206, description: string): MethodDecorator {
  const schema = { type: 'string' } as const;
  return ApiResponse({
    status,
    description,
    content: { 'text/csv': { schema }, 'application/x-ndjson': { schema } },
    headers: {
      ETag: { description: 'Of the file: its SHA-256.', schema },
      ...(status === 206 && { 'Content-Range': { description: 'Which bytes these are.', schema } }),
    },
  });
}
