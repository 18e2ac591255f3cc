import { Module } from '@nestjs/common';
import { FailedAttempts } from '../platform/http/index.js';
import { ListsModule } from '../platform/http/lists/index.js';
import { RolesModule } from '../roles/index.js';
import { TenantsModule } from '../tenants/index.js';
import { MeController } from './me.controller.js';
import { MemberPrincipals } from './member-principals.js';
import { MembersService } from './members.service.js';
import { OrganizationsController } from './organizations/organizations.controller.js';
import { Passwords } from './passwords.js';
import { RoleMembersModule } from './role-members.module.js';
import { SessionAuthenticator } from './session-authenticator.js';
import { SessionController } from './session.controller.js';
import { SessionCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';

/** People: signing in and out, and telling the gate who they are. */
@Module({
  imports: [ListsModule, RoleMembersModule, RolesModule, TenantsModule],
  controllers: [SessionController, MeController, OrganizationsController],
  // FailedAttempts counts each kind on its own: no other module counts sign-ins, so this one keeps its own.
  providers: [
    FailedAttempts,
    MemberPrincipals,
    MembersService,
    Passwords,
    SessionAuthenticator,
    SessionCookie,
    Sessions,
    SignIn,
  ],
  exports: [MembersService, SessionAuthenticator],
})
export class MembersModule {}
