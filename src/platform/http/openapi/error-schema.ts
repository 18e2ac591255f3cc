import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ERROR_CATALOGUE } from '../../errors/index.js';

@ApiSchema({ name: 'ErrorDescription' })
class ErrorContent {
  @ApiProperty({
    type: 'string',
    enum: Object.keys(ERROR_CATALOGUE),
    description: 'What went wrong, for programs.',
    example: 'INVALID_INPUT',
  })
  code!: string;

  @ApiProperty({ type: 'string', description: 'What went wrong, for people.', example: 'name: is required' })
  message!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    selfRequired: false,
    description: 'More about it; INVALID_INPUT names `field`, `reason` and every one of the `errors`.',
    example: { field: 'name', reason: 'is required', errors: [{ field: 'name', reason: 'is required' }] },
  })
  details?: Record<string, unknown>;

  @ApiProperty({
    type: 'string',
    description: 'The request, as the log knows it.',
    example: 'req_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  requestId!: string;
}

/** The one shape of every refusal. */
@ApiSchema({ name: 'Error' })
export class ErrorSchema {
  @ApiProperty({ type: () => ErrorContent })
  error!: ErrorContent;
}

/** The same as a problem document (RFC 9457). */
@ApiSchema({ name: 'Problem' })
export class ProblemSchema {
  @ApiProperty({ type: 'string', format: 'uri', example: 'urn:gatehouse:error:INVALID_INPUT' })
  type!: string;

  @ApiProperty({
    type: 'string',
    example: 'A parameter or a field of the body is missing, unknown, or of the wrong form.',
  })
  title!: string;

  @ApiProperty({ type: 'integer', example: 400 })
  status!: number;

  @ApiProperty({ type: 'string', example: 'name: is required' })
  detail!: string;

  @ApiProperty({ type: 'string', enum: Object.keys(ERROR_CATALOGUE), example: 'INVALID_INPUT' })
  code!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, selfRequired: false })
  details?: Record<string, unknown>;

  @ApiProperty({ type: 'string', example: 'req_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  requestId!: string;
}
