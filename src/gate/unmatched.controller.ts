import { All, Controller, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { NotFound } from '../platform/errors/index.js';
import { Free, Pollable, Requires } from '../platform/http/index.js';

/** Whatever no other route takes: 401 for strangers, 404 for everybody else. Registered last. */
@ApiExcludeController()
@Controller()
export class UnmatchedController {
  @All('*path')
  @Requires('none')
  @Free()
  @Pollable()
  answerUnmatched(@Query() _query: unknown): never {
    throw new NotFound('no such route');
  }
}
