import { Module } from '@nestjs/common';
import { DiscoveryModule, MetadataScanner } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { AuditModule } from '../audit/index.js';
import { KeysModule } from '../keys/index.js';
import { MembersModule } from '../members/index.js';
import { FailedAttempts } from '../platform/http/index.js';
import { PlansModule } from '../plans/index.js';
import { RolesModule } from '../roles/index.js';
import { TenantsModule } from '../tenants/index.js';
import { ActorRecheck } from './actor-recheck.js';
import { KeyAuthenticator } from './key-authenticator.js';
import { Redecision } from './redecision.js';
import { RouteInventory } from './route-inventory.js';
import { RoutesController } from './routes.controller.js';
import { StandingModule } from './standing.module.js';
import { PermissionsController, RouteMatcher, Simulator } from './simulator/index.js';

/**
 * The top floor: what every request passes. The stations themselves are listed in the application's module, in
 * their order; here is what they work with.
 */
@Module({
  imports: [
    AuditModule,
    DiscoveryModule,
    KeysModule,
    MembersModule,
    PlansModule,
    RolesModule,
    StandingModule,
    TenantsModule,
    // The quota guard's base class asks for it; its windows are not used.
    ThrottlerModule.forRoot([{ ttl: 60_000, limit: 60 }]),
  ],
  controllers: [PermissionsController, RoutesController],
  providers: [
    ActorRecheck,
    FailedAttempts,
    KeyAuthenticator,
    MetadataScanner,
    Redecision,
    RouteInventory,
    RouteMatcher,
    Simulator,
  ],
  exports: [
    ActorRecheck,
    AuditModule,
    KeyAuthenticator,
    KeysModule,
    MembersModule,
    PlansModule,
    Redecision,
    RolesModule,
    RouteInventory,
    Simulator,
    TenantsModule,
    ThrottlerModule,
  ],
})
export class GateModule {}
