import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  Context,
  OrganizationWide,
  Pollable,
  RequestContext,
  Requires,
  Resource,
} from '../platform/http/index.js';
import { IdParam } from '../platform/http/input/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../platform/http/openapi/index.js';
import { EventReader } from './event-reader.js';
import { EventQuery } from './event.query.js';
import { EventListResponse, EventResponse } from './event.response.js';
import { EVENTS } from './resource.js';

/** The event log. */
@ApiGroup('Events', 'What happened, in an order without gaps.')
@Controller('events')
@OrganizationWide()
@Resource(EVENTS.name, EVENTS)
export class EventsController {
  constructor(private readonly events: EventReader) {}

  @Get()
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'List events, the oldest first',
    description:
      'Every event has a number, without gaps and in the order of commits: whoever asks again with `after` misses ' +
      'nothing and sees nothing twice. Events are kept for 90 days. The polling interval does not apply.',
  })
  @ApiAnswer(EventListResponse, { description: 'What came after `after`.' })
  @ApiErrors('gone')
  list(@Query() query: EventQuery, @Context() context: RequestContext): Promise<EventListResponse> {
    return this.events.page(query, context.authenticated.organizationId);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getEvent', summary: 'Get an event' })
  @ApiAnswer(EventResponse, { description: 'The event.' })
  @ApiErrors()
  get(@IdParam('event') id: string, @Context() context: RequestContext): Promise<EventResponse> {
    const { organizationId } = context.authenticated;
    return this.events.get(id, (event) => event.organizationId === organizationId);
  }
}
