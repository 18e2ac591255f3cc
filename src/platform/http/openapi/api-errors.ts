import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ERROR_CATALOGUE } from '../../errors/index.js';
import { ErrorSchema, ProblemSchema } from './error-schema.js';
import { CHALLENGE_HEADER, QUOTA_HEADERS, REQUEST_ID_HEADER, RETRY_AFTER_HEADER } from './headers.js';

/** Any request can be answered so. */
const COMMON = [400, 401, 403, 404, 414, 429, 500, 503] as const;

/** What a route's form adds: a body, an Idempotency-Key, an If-Match. */
const ADDED = {
  body: [413, 415],
  idempotent: [409, 422],
  conditional: [412],
  conflict: [409],
  gone: [410],
  ranged: [416],
} as const;

/**
 * Documents every refusal of a route behind the gate, with the codes that the catalogue has for it.
 * @param forms what the route takes beside a path and a query: a `body`; an Idempotency-Key (`idempotent`, every
 *   POST); an If-Match (`conditional`); `conflict` and `gone` where it answers 409 and 410 by itself; `ranged` where
 *   it takes a Range
 */
export function ApiErrors(...forms: (keyof typeof ADDED)[]): MethodDecorator & ClassDecorator {
  const statuses = new Set<number>([...COMMON, ...forms.flatMap((form) => [...ADDED[form]])]);
  return applyDecorators(
    ApiExtraModels(ErrorSchema, ProblemSchema),
    ...[...statuses].sort((a, b) => a - b).map(refusal),
  );
}

function refusal(status: number): MethodDecorator & ClassDecorator {
  const codes = Object.entries(ERROR_CATALOGUE).filter(([, description]) => description.status === status);
  return ApiResponse({
    status,
    description: codes.map(([code, { when }]) => `\`${code}\`: ${when}`).join('\n\n'),
    headers: {
      ...REQUEST_ID_HEADER,
      ...(status === 401 ? CHALLENGE_HEADER : {}),
      ...(status === 429 ? QUOTA_HEADERS : {}),
      ...(status === 429 || status === 503 ? RETRY_AFTER_HEADER : {}),
    },
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ErrorSchema) } },
      'application/problem+json': { schema: { $ref: getSchemaPath(ProblemSchema) } },
    },
  });
}
