import { Global, Module } from '@nestjs/common';
import { RoleMembers } from '../roles/index.js';
import { MemberRoleUsage } from './member-role-usage.js';

/** Global, because the roles stand below the members and cannot import them. */
@Global()
@Module({ providers: [{ provide: RoleMembers, useClass: MemberRoleUsage }], exports: [RoleMembers] })
export class RoleMembersModule {}
