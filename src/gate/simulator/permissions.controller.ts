import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { KeyFinder } from '../../keys/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { InvalidInput, NotFound } from '../../platform/errors/index.js';
import {
  Context,
  OrganizationWide,
  type Principal,
  reaches,
  RequestContext,
  Requires,
  Resource,
} from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { type Role, RolesService } from '../../roles/index.js';
import { permissionDenied } from '../../platform/http/index.js';
import { questionOf, SimulationInput } from './simulation.input.js';
import { SimulationResponse } from './simulation.response.js';
import { Simulator } from './simulator.js';

/** What keys and roles may do, asked without doing it. */
@ApiGroup('Roles')
@Controller('permissions')
@OrganizationWide()
@Resource('settings.roles', { label: 'Roles', highest: 'admin' })
export class PermissionsController {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly keys: KeyFinder,
    private readonly roles: RolesService,
    private readonly simulator: Simulator,
  ) {}

  @Post('simulate')
  @HttpCode(200)
  @Requires('read')
  @ApiOperation({
    operationId: 'simulatePermission',
    summary: 'Tell whether a key or a role may do something, why, and what is missing',
    description:
      'The verdict is the gate’s own, in its order: standing of the key, store, address, level. Quota is not simulated, and nothing is charged to the key. Nothing changes. About another key than the caller, `settings.keys` read is needed too.',
  })
  @ApiAnswer(SimulationResponse, { description: 'The verdict.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  simulate(@Body() body: SimulationInput, @Context() context: RequestContext): Promise<SimulationResponse> {
    const principal = context.authenticated;
    return this.transactions.run(context, async (tx) => {
      const question = questionOf(body);
      if (question.subject.kind === 'key') {
        await this.assertWithinReach(tx, principal, question.subject.keyId);
        return this.simulator.ofKey(tx, question.subject.keyId, question);
      }
      const role = await this.roleNamed(tx, principal, question.subject.reference);
      return this.simulator.ofRole(tx, role, principal.organizationId, question);
    });
  }

  /** What a key may do is the key's to tell, and of those who may read keys. */
  private async assertWithinReach(tx: Transaction, principal: Principal, keyId: string): Promise<void> {
    if (principal.kind === 'key' && principal.id === keyId) return;
    const effective = principal.effective('settings.keys');
    if (!reaches(effective.level, 'read')) throw permissionDenied('settings.keys', 'read', effective);
    try {
      await this.keys.get(tx, principal, keyId);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      throw new InvalidInput([{ field: 'keyId', reason: 'names no key of yours' }]);
    }
  }

  private async roleNamed(tx: Transaction, principal: Principal, reference: string): Promise<Role> {
    const role = await this.roles.find(tx, principal.organizationId, reference);
    if (!role) throw new InvalidInput([{ field: 'roleId', reason: 'names no role of yours' }]);
    return role;
  }
}
