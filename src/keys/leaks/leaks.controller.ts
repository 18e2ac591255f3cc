import { Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { BodyLimit, Context, parseJson, Public, RawBody, RequestContext } from '../../platform/http/index.js';
import { readInputList } from '../../platform/http/input/index.js';
import { ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { REQUEST_ID_HEADER } from '../../platform/http/openapi/headers.js';
import { ExposedToken, LeakFeedback } from './dto.js';
import { LeakSignatures } from './leak-signatures.js';
import { LeaksService } from './leaks.service.js';

const MOST_TOKENS = 1_000;
const MOST_BYTES = 1_048_576;

/** Where secret scanners tell of tokens that they found. */
@ApiGroup('Leaks', 'Tokens that were found where everybody can read them.')
@Controller('leaks')
export class LeaksController {
  constructor(
    private readonly signatures: LeakSignatures,
    private readonly leaks: LeaksService,
  ) {}

  @Post()
  @Public()
  @RawBody()
  @HttpCode(200)
  @BodyLimit(MOST_BYTES)
  @ApiOperation({
    operationId: 'reportLeaks',
    summary: 'Report exposed tokens, as GitHub’s secret scanning does',
    description:
      'For scanners whose public keys are configured; 404 where none are. The keys of active tokens are revoked, ' +
      'or only reported on, as the installation is set. Repeating a report does nothing twice.',
  })
  @ApiHeader({
    name: 'Github-Public-Key-Identifier',
    required: true,
    description: 'Names the key that the body was signed with.',
    schema: { type: 'string' },
  })
  @ApiHeader({
    name: 'Github-Public-Key-Signature',
    required: true,
    description: 'ECDSA on P-256 over SHA-256 of the body’s bytes: DER, in base64.',
    schema: { type: 'string' },
  })
  @ApiExtraModels(ExposedToken)
  @ApiBody({
    description: 'What was found.',
    schema: { type: 'array', maxItems: MOST_TOKENS, items: { $ref: getSchemaPath(ExposedToken) } },
  })
  @ApiResponse({
    status: 200,
    description: 'What each of them is, in their order.',
    type: [LeakFeedback],
    headers: REQUEST_ID_HEADER,
  })
  @ApiErrors('body')
  async report(@Context() context: RequestContext): Promise<LeakFeedback[]> {
    await this.signatures.assertValid(context);
    const body = parseJson(context.rawBody ?? Buffer.alloc(0));
    const found = readInputList(ExposedToken, body, { maxItems: MOST_TOKENS, unknownFields: 'ignore' });
    return this.leaks.report(found, context.uuid);
  }
}
