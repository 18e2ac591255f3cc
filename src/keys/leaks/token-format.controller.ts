import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { Public } from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { tokenPattern, tokenPrefixes } from '../token.js';
import { TokenFormatResponse } from './dto.js';

/** What tokens look like, for whoever looks for them. */
@ApiGroup('Leaks')
@Controller('token-format')
export class TokenFormatController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get()
  @Public()
  @ApiOperation({ operationId: 'getTokenFormat', summary: 'Get the form of tokens, for secret scanners' })
  @ApiAnswer(TokenFormatResponse, {
    description: 'How to find tokens, and how to tell them from look-alikes.',
  })
  @ApiErrors()
  get(): TokenFormatResponse {
    const brand = this.config.tokenBrand;
    return { brand, pattern: tokenPattern(brand), prefixes: tokenPrefixes(brand), checksum: CHECKSUM };
  }
}

const CHECKSUM =
  'The last six characters are the CRC-32 (as in zlib) of all characters before them, as a base62 number of six ' +
  'digits: 0-9, A-Z, a-z, the highest first.';
