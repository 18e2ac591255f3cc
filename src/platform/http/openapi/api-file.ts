import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { QUOTA_HEADERS, REQUEST_ID_HEADER } from './headers.js';

const text = { type: 'string' } as const;
/** Without the format, generated clients take a picture for text. */
const bytes = { type: 'string', format: 'binary' } as const;

/** Documents an answer that is a file, or a part of one. */
export function ApiFile(status: 200 | 206, description: string, types: readonly string[]): MethodDecorator {
  return ApiResponse({
    status,
    description,
    content: Object.fromEntries(types.map((type) => [type, { schema: bytes }])),
    headers: {
      ...REQUEST_ID_HEADER,
      ...QUOTA_HEADERS,
      ETag: { description: 'Of these bytes: they never change.', schema: text },
      'Content-Disposition': { description: 'How to show it, and the name to keep it under.', schema: text },
      ...(status === 206 && { 'Content-Range': { description: 'Which bytes these are.', schema: text } }),
    },
  });
}

/** Documents a GET of which parts can be asked for. The 416 is `ApiErrors('ranged')`. */
export function ApiRange(): MethodDecorator {
  return applyDecorators(
    ApiHeader({ name: 'Range', required: false, description: 'One range of bytes.', schema: text }),
    ApiHeader({
      name: 'If-Range',
      required: false,
      description: 'The ETag of what you have a part of; all of it is sent where that is another version.',
      schema: text,
    }),
  );
}

/** Documents a body of multipart/form-data: a file, and the fields of a class beside it. */
export function ApiForm(fields: Type, files: Readonly<Record<string, string>>): MethodDecorator {
  const parts = Object.entries(files).map(([name, description]): [string, object] => [
    name,
    { type: 'string', contentMediaType: 'application/octet-stream', description },
  ]);
  return applyDecorators(
    ApiConsumes('multipart/form-data'),
    ApiExtraModels(fields),
    ApiBody({
      required: true,
      schema: {
        allOf: [
          { $ref: getSchemaPath(fields) },
          { type: 'object', required: Object.keys(files), properties: Object.fromEntries(parts) },
        ],
      },
    }),
  );
}
