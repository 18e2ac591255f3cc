import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { PaginationSchema } from './pagination-schema.js';
import {
  ETAG_HEADER,
  LOCATION_HEADER,
  QUOTA_HEADERS,
  REPLAYED_HEADER,
  REQUEST_ID_HEADER,
} from './headers.js';

export interface AnswerOptions {
  /** Default 200. */
  status?: 200 | 201 | 202;
  description: string;
  /** It carries an ETag; on a GET it may be 304. */
  etag?: boolean;
  /** It says where the new object is. */
  location?: boolean;
  /** It may be the replay of an earlier answer: every POST. */
  idempotent?: boolean;
}

/** Documents the answer of a route that succeeds. */
export function ApiAnswer(type: Type, options: AnswerOptions): MethodDecorator {
  return applyDecorators(
    ApiResponse({
      status: options.status ?? 200,
      description: options.description,
      type,
      headers: {
        ...REQUEST_ID_HEADER,
        ...QUOTA_HEADERS,
        ...(options.etag ? ETAG_HEADER : {}),
        ...(options.location ? LOCATION_HEADER : {}),
        ...(options.idempotent ? REPLAYED_HEADER : {}),
      },
    }),
    ...(options.idempotent ? [ApiIdempotencyKey()] : []),
  );
}

/** Documents an answer without a body. */
export function ApiNoContent(description: string): MethodDecorator {
  return ApiResponse({ status: 204, description, headers: { ...REQUEST_ID_HEADER, ...QUOTA_HEADERS } });
}

/** Documents a conditional GET: `If-None-Match`, and the 304. */
export function ApiConditionalGet(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The ETag of what you have; 304 while it is still that.',
      schema: { type: 'string' },
    }),
    ApiResponse({
      status: 304,
      description: 'What you have is still current.',
      headers: { ...REQUEST_ID_HEADER, ...QUOTA_HEADERS, ...ETAG_HEADER },
    }),
  );
}

/** Documents a conditional write: `If-Match`. The 412 is `ApiErrors('conditional')`. */
export function ApiIfMatch(): MethodDecorator {
  return ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag of the version you mean to change; without it the write goes through.',
    schema: { type: 'string' },
  });
}

/** Documents the header of every POST; `ApiAnswer` does it by itself. */
export function ApiIdempotencyKey(): MethodDecorator {
  return ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Of your choice: repeating the request with it answers the first success again, for 24 hours.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  });
}

/** Documents a list: one page of items, and where it lies. */
export function ApiPage(item: Type, description: string): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(item),
    ApiResponse({
      status: 200,
      description,
      headers: { ...REQUEST_ID_HEADER, ...QUOTA_HEADERS },
      schema: {
        type: 'object',
        required: ['data', 'pagination'],
        properties: {
          data: { type: 'array', items: { $ref: getSchemaPath(item) } },
          pagination: { $ref: getSchemaPath(PaginationSchema) },
        },
      },
    }),
    ApiExtraModels(PaginationSchema),
  );
}
