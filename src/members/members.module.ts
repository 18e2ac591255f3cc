import { Module } from '@nestjs/common';
import { FailedAttempts } from '../platform/http/index.js';
import { ListsModule } from '../platform/http/lists/index.js';
import { RolesModule } from '../roles/index.js';
import { TenantsModule } from '../tenants/index.js';
import { AssignableRoles } from './administration/assignable-roles.js';
import { MemberAdministration } from './administration/member-administration.js';
import { MemberList } from './administration/member-list.js';
import { MemberRoleUsageModule } from './administration/member-role-usage.module.js';
import { MembersController } from './administration/members.controller.js';
import { AcceptanceController } from './invitations/acceptance.controller.js';
import { Acceptance } from './invitations/acceptance.js';
import { InvitationList } from './invitations/invitation-list.js';
import { InvitationMail } from './invitations/invitation-mail.js';
import { InvitationTokens } from './invitations/invitation-tokens.js';
import { InvitationsController } from './invitations/invitations.controller.js';
import { InvitationsService } from './invitations/invitations.service.js';
import { KeyOwnersModule } from './key-owners.module.js';
import { MeController } from './me.controller.js';
import { MemberPrincipals } from './member-principals.js';
import { MembersService } from './members.service.js';
import { OrganizationsController } from './organizations/organizations.controller.js';
import { OrganizationsService } from './organizations/organizations.service.js';
import { Passwords } from './passwords.js';
import { SessionAuthenticator } from './session-authenticator.js';
import { SessionController } from './session.controller.js';
import { SessionCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';

/** What is done to members by others: who they are, and who is invited. */
const ADMINISTRATION = [
  Acceptance,
  AssignableRoles,
  InvitationList,
  InvitationMail,
  InvitationsService,
  InvitationTokens,
  MemberAdministration,
  MemberList,
  OrganizationsService,
];

/** People: signing in and out, and telling the gate who they are; members, invitations, organizations. */
@Module({
  imports: [KeyOwnersModule, ListsModule, MemberRoleUsageModule, RolesModule, TenantsModule],
  controllers: [
    SessionController,
    MeController,
    MembersController,
    // before the invitations, whose paths take ids
    AcceptanceController,
    InvitationsController,
    OrganizationsController,
  ],
  // FailedAttempts counts each kind on its own: no other module counts sign-ins, so this one keeps its own.
  providers: [
    ...ADMINISTRATION,
    FailedAttempts,
    MemberPrincipals,
    MembersService,
    Passwords,
    SessionAuthenticator,
    SessionCookie,
    Sessions,
    SignIn,
  ],
  exports: [
    InvitationsService,
    MemberAdministration,
    MemberList,
    MembersService,
    OrganizationsService,
    SessionAuthenticator,
  ],
})
export class MembersModule {}
