import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  BodyLimit,
  Context,
  type RequestContext,
  Requires,
  Resource,
  Store,
  StoreController,
  type StoreScope,
} from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { EventBatchBody, EventBody, MOST_EVENTS } from './dto/event-body.js';
import { TakenEventsView, TakenEventView } from './dto/event-response.js';
import { EventIntake } from './event-intake.js';

/** What 1,000 events have that use every field. */
const LARGEST_BODY_BYTES = 2 * 1_048_576;

@ApiGroup('Analytics events', 'Analytics: what happens with a store’s visitors.')
@StoreController('analytics/events')
@Resource('analytics.events', { label: 'Analytics events', highest: 'write' })
export class EventsController {
  constructor(private readonly intake: EventIntake) {}

  @Post()
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'sendAnalyticsEvent',
    summary: 'Send an event',
    description: 'It is in every figure from now on, also where it happened long ago.',
  })
  @ApiAnswer(TakenEventView, { description: 'The event is kept.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  take(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() event: EventBody,
  ): Promise<TakenEventView> {
    return this.intake.take(context, store, event);
  }

  @Post('batch')
  @HttpCode(200)
  @Requires('write')
  @BodyLimit(LARGEST_BODY_BYTES)
  @ApiOperation({
    operationId: 'sendAnalyticsEvents',
    summary: 'Send many events',
    description:
      `Up to ${MOST_EVENTS.toLocaleString('en')}, as one request. Each is looked at by itself: one that is refused ` +
      'holds up none of the others.',
  })
  @ApiAnswer(TakenEventsView, { description: 'What came of them.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  takeAll(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() { events }: EventBatchBody,
  ): Promise<TakenEventsView> {
    return this.intake.takeAll(context, store, events);
  }
}
