import { Module } from '@nestjs/common';
import { FailedAttempts } from '../platform/http/index.js';
import { ListsModule } from '../platform/http/lists/index.js';
import { RolesModule } from '../roles/index.js';
import { TenantsModule } from '../tenants/index.js';
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
import { PasswordResetsController } from './password-resets/password-resets.controller.js';
import { PasswordResets } from './password-resets/password-resets.js';
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
  ResetMail,
  ResetTokens,
  SealedFactors,
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

/** People: signing in and out, and telling the gate who they are. */
@Module({
  imports: [ListsModule, RolesModule, TenantsModule],
  controllers: [SessionController, MeController, ...SIGN_IN_CONTROLLERS, OrganizationsController],
  // FailedAttempts counts each kind on its own: no other module counts sign-ins, so this one keeps its own.
  providers: [
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
  exports: [MembersService, SecondFactors, SessionAuthenticator, Sessions],
})
export class MembersModule {}
