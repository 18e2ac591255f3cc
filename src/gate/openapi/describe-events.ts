import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { EventResponse } from '../../events/index.js';
import { dataSchemaOf, type EventType } from '../../platform/events/index.js';

type Webhooks = NonNullable<OpenAPIObject['webhooks']>;
type Operation = NonNullable<Webhooks[string]['post']>;

/** What is sent of each type of event that is sent at all: the event as `GET /events` has it. */
export function describeEvents(types: readonly EventType[]): Webhooks {
  const sent = types.filter(({ data }) => data !== null);
  return Object.fromEntries(sent.map((type) => [type.type, { post: operationOf(type) }]));
}

function operationOf(type: EventType): Operation {
  const words = type.type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return {
    operationId: `on${words.join('')}`,
    summary: type.description,
    tags: ['Events'],
    security: [],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            allOf: [
              { $ref: getSchemaPath(EventResponse) },
              {
                type: 'object',
                properties: { type: { type: 'string', enum: [type.type] }, data: dataSchemaOf(type) },
              },
            ],
          },
        },
      },
    },
    responses: { '2XX': { description: 'It was taken. Whatever else is answered, it is sent again.' } },
  };
}
