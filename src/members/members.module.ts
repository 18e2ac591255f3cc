import { Module } from '@nestjs/common';
import { EventCatalogue } from '../platform/events/index.js';
import { MEMBER_EVENT_TYPES } from './member-event-types.js';
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
import { InvitationLinkHolder } from './invitations/invitation-link-holder.js';
import { InvitationTokens } from './invitations/invitation-tokens.js';
import { InvitationsController } from './invitations/invitations.controller.js';
import { InvitationsService } from './invitations/invitations.service.js';
import { KeyOwnersModule } from './key-owners.module.js';
import { MemberAccessController } from './access/member-access.controller.js';
import { MemberAccess } from './access/member-access.js';
import { LockOut } from './lock-out/lock-out.js';
import { MePasswordController } from './me/me-password.controller.js';
import { MeSessionsController } from './me/me-sessions.controller.js';
import { MeTotpController } from './me/me-totp.controller.js';
import { Proof } from './me/proof.js';
import { MeController } from './me.controller.js';
import { MemberPrincipals } from './member-principals.js';
import { MembersService } from './members.service.js';
import { NewPasswords } from './new-passwords.js';
import { OrganizationsController } from './organizations/organizations.controller.js';
import { ActorNames } from './organizations/actor-names.js';
import { OrganizationsService } from './organizations/organizations.service.js';
import { OwnPlanHistoryController } from './organizations/own-plan-history.controller.js';
import { PlanHistory } from './organizations/plan-history.js';
import { PasswordResetsController } from './password-resets/password-resets.controller.js';
import { PasswordResets } from './password-resets/password-resets.js';
import { ResetLinks } from './password-resets/reset-links.js';
import { ResetMail } from './password-resets/reset-mail.js';
import { ResetTokens } from './password-resets/reset-tokens.js';
import { Passwords } from './passwords.js';
import { RecoveryCodes } from './second-factor/recovery-codes.js';
import { SealedFactors } from './second-factor/sealed-factors.js';
import { SecondFactors } from './second-factor/second-factors.js';
import { SessionAuthenticator } from './session-authenticator.js';
import { SessionController } from './session.controller.js';
import { SessionCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';
import { SignInSweep } from './sign-in-sweep.js';

/** What stands around a password. */
const SIGNING_IN = [
  LockOut,
  MemberAccess,
  NewPasswords,
  PasswordResets,
  Proof,
  RecoveryCodes,
  ResetLinks,
  ResetMail,
  ResetTokens,
  SealedFactors,
  InvitationLinkHolder,
  SecondFactors,
  SignInSweep,
];
const SIGN_IN_CONTROLLERS = [
  MePasswordController,
  MeSessionsController,
  MeTotpController,
  MemberAccessController,
  PasswordResetsController,
];

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
  ActorNames,
  PlanHistory,
];

/** People: signing in and out, and telling the gate who they are; members, invitations, organizations. */
@Module({
  imports: [KeyOwnersModule, ListsModule, MemberRoleUsageModule, RolesModule, TenantsModule],
  controllers: [
    SessionController,
    MeController,
    ...SIGN_IN_CONTROLLERS,
    MembersController,
    // before the invitations, whose paths take ids
    AcceptanceController,
    InvitationsController,
    OrganizationsController,
    OwnPlanHistoryController,
  ],
  // FailedAttempts counts each kind on its own: no other module counts sign-ins, so this one keeps its own.
  providers: [
    ...ADMINISTRATION,
    ...SIGNING_IN,
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
    InvitationList,
    InvitationsService,
    MemberAdministration,
    MemberList,
    MembersService,
    OrganizationsService,
    PlanHistory,
    ResetLinks,
    SecondFactors,
    SessionAuthenticator,
    Sessions,
  ],
})
export class MembersModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(MEMBER_EVENT_TYPES);
  }
}
