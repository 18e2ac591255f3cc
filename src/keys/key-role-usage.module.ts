import { Global, Module } from '@nestjs/common';
import { RoleUsage } from '../roles/index.js';
import { KeyRoleUsage } from './key-role-usage.js';

/** Global, because the roles stand below the keys and cannot import them. */
@Global()
@Module({ providers: [{ provide: RoleUsage, useClass: KeyRoleUsage }], exports: [RoleUsage] })
export class KeyRoleUsageModule {}
