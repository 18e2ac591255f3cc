import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import {
  Context,
  OrganizationWide,
  Pollable,
  RequestContext,
  Requires,
  Resource,
} from '../../platform/http/index.js';
import { ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { AUDIT_LOGS } from '../resource.js';
import { eventText, type TailEvent } from './tail.js';
import { TailQuery } from './tail.query.js';
import { Tails } from './tails.js';

/** How long a browser waits before it resumes. */
const RETRY_MS = 1_000;

/** The request log, live. */
@ApiGroup('Audit')
@Controller('audit/requests')
@OrganizationWide()
@Resource(AUDIT_LOGS.name, AUDIT_LOGS)
export class TailController {
  constructor(private readonly tails: Tails) {}

  @Get('tail')
  @Pollable()
  @Requires('read')
  @ApiOperation({
    operationId: 'followRequests',
    summary: 'Follow the request log live',
    description:
      'Server-sent events: each request as an event `request`, in the order in which the log got them, once, from the moment of the answer on. The stream ends within a second of the principal’s losing its rights, and after an hour; resume it with `Last-Event-ID`.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event that was read: go on after it.',
    schema: { type: 'string' },
  })
  @ApiOkResponse({
    description: 'Events, each with the request’s JSON, and now and then a comment as a sign of life.',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example:
          'event: request\nid: 1.4711.0\ndata: {"requestId":"req_01k0b3w2f7e1rt5m8v9xq4zj6d","status":200}\n\n',
      },
    },
  })
  @ApiErrors()
  async follow(@Query() query: TailQuery, @Context() context: RequestContext): Promise<StreamableFile> {
    const events = await this.tails.of(context, query);
    context.setHeader('X-Accel-Buffering', 'no');
    return new StreamableFile(Readable.from(textOf(events, context.method === 'HEAD')), {
      type: 'text/event-stream; charset=utf-8',
    });
  }
}

async function* textOf(events: AsyncGenerator<TailEvent>, headAlone: boolean): AsyncGenerator<string> {
  try {
    // The first bytes: whoever has them misses nothing from then on.
    yield `retry: ${RETRY_MS}\n\n`;
    if (!headAlone) for await (const event of events) yield eventText(event);
  } finally {
    await events.return(undefined);
  }
}
