import { Controller, Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { type Level, Requires } from '../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../platform/http/openapi/index.js';
import { PolicyListResponse, ResourceListResponse } from './dto/role.response.js';
import type { Grants } from './grants.js';
import { policiesOf } from './policies.js';
import { ResourceRegistry } from './resource-registry.js';

/** What can be granted at all. */
@ApiGroup('Roles')
@Controller()
export class ResourcesController {
  constructor(private readonly registry: ResourceRegistry) {}

  @Get('resources')
  @Requires('none')
  @ApiOperation({ operationId: 'listResources', summary: 'List everything that grants can name' })
  @ApiAnswer(ResourceListResponse, { description: 'All resources.' })
  @ApiErrors()
  listResources(): ResourceListResponse {
    return {
      data: this.registry.list().map(({ name, label, highest, relates }) => ({
        name,
        category: name.slice(0, name.indexOf('.')),
        label,
        highestLevel: highest,
        relates: [...relates],
      })),
    };
  }

  @Get('policies')
  @Requires('none')
  @ApiOperation({ operationId: 'listPolicies', summary: 'List the ready-made sets of grants' })
  @ApiAnswer(PolicyListResponse, { description: 'All policies.' })
  @ApiErrors()
  listPolicies(): PolicyListResponse {
    return {
      data: this.registry
        .list()
        .flatMap(policiesOf)
        .map(({ name, grants }) => ({ name, grants: { ...grants }, levels: this.levelsOf(grants) })),
    };
  }

  /** The resources on which grants give anything. */
  private levelsOf(grants: Grants): Record<string, Level> {
    const levels = this.registry.compile(grants);
    return Object.fromEntries(
      this.registry
        .list()
        .map(({ name }): [string, Level] => [name, levels.get(name) ?? 'none'])
        .filter(([, level]) => level !== 'none'),
    );
  }
}
