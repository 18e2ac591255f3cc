import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { dataSchemaOf, EventCatalogue } from '../platform/events/index.js';
import { Requires } from '../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../platform/http/openapi/index.js';

export class EventTypeResponse {
  @ApiProperty({ example: 'key.created' }) type!: string;
  @ApiProperty({ example: 'A key was made.' }) description!: string;
  @ApiProperty({ description: 'Whether it only has its name yet: no such event is sent.' })
  reserved!: boolean;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What `data` holds: a JSON Schema (2020-12). Fields may be added.',
  })
  dataSchema!: Record<string, unknown>;
}

export class EventTypeListResponse {
  @ApiProperty({ type: [EventTypeResponse] }) data!: EventTypeResponse[];
}

/** What may happen. */
@ApiGroup('Events')
@Controller('event-types')
export class EventTypesController {
  constructor(private readonly catalogue: EventCatalogue) {}

  @Get()
  @Requires('none')
  @ApiOperation({ operationId: 'listEventTypes', summary: 'List the types of events' })
  @ApiAnswer(EventTypeListResponse, { description: 'All types, by their names.' })
  @ApiErrors()
  list(): EventTypeListResponse {
    return { data: listEventTypes(this.catalogue) };
  }
}

/** Every type as the API answers it. */
export function listEventTypes(catalogue: EventCatalogue): EventTypeResponse[] {
  return catalogue.list().map((type) => ({
    type: type.type,
    description: type.description,
    reserved: type.data === null,
    dataSchema: dataSchemaOf(type),
  }));
}
