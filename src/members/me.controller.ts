import { Controller, Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Context, Free, Pollable, type RequestContext, Requires } from '../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../platform/http/openapi/index.js';
import { ResourceRegistry } from '../roles/index.js';
import { MeResponse, meResponse } from './dto/me.response.js';
import { SecondFactors } from './second-factor/second-factors.js';

/** Who am I, what may I do. */
@ApiGroup('Session')
@Controller('me')
export class MeController {
  constructor(
    private readonly resources: ResourceRegistry,
    private readonly secondFactors: SecondFactors,
  ) {}

  @Get()
  @Requires('none')
  @Free()
  @Pollable()
  @ApiOperation({
    operationId: 'getMe',
    summary: 'Get the caller',
    description: 'The key or member that asks, with its level on every resource. Costs no quota.',
  })
  @ApiAnswer(MeResponse, { description: 'Who asks, and what it may do.' })
  @ApiErrors()
  async get(@Context() context: RequestContext): Promise<MeResponse> {
    const principal = context.authenticated;
    const response = meResponse(
      principal,
      this.resources.list().map((resource) => resource.name),
    );
    if (principal.kind === 'key') return response;
    return { ...response, secondFactor: await this.secondFactors.isActive(principal.id) };
  }
}
