import { AppError, InvalidInput } from '../platform/errors/index.js';

/** What every 401 must name (RFC 9110, section 11.6.1): how a program would authenticate. */
const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="gatehouse"' };

/** 401, one answer for every cause: who guesses learns nothing but that. The reason is for the log. */
export class SignInFailed extends AppError {
  constructor(
    reason:
      | 'unknown address'
      | 'no password'
      | 'wrong password'
      | 'wrong code'
      | 'member disabled'
      | 'password changed',
  ) {
    super('SIGN_IN_FAILED', 'The address and the password do not belong together.', {
      reason,
      headers: CHALLENGE,
    });
  }
}

/** 401: the password was right, and the member has a second factor. */
export class TotpRequired extends AppError {
  constructor() {
    super('TOTP_REQUIRED', 'Send the code of your authenticator, or a recovery code, as totp.', {
      reason: 'no code',
      headers: CHALLENGE,
    });
  }
}

/** 503: the member has a second factor, or a recovery code, that nobody can check here. The cause is for the log. */
export class SecondFactorUnavailable extends AppError {
  constructor(cause: Error) {
    super(
      'SECOND_FACTOR_UNAVAILABLE',
      'The second factor cannot be checked: it does not open under the master secret of this server. Whoever runs ' +
        'the installation sets GATEHOUSE_SECRET_PREVIOUS to the one it was made under, or takes it away with ' +
        '"gatehouse admin reset-second-factor".',
      { reason: cause.message, cause, headers: { 'Retry-After': '60' } },
    );
  }
}

/** 429: an e-mail address, whether or not somebody has it, was guessed at too often. */
export class SignInLocked extends AppError {
  /** @param seconds until one may try again */
  constructor(seconds: number) {
    super('TOO_MANY_FAILED_ATTEMPTS', 'Too many failed attempts were made for this e-mail address.', {
      reason: 'locked out',
      headers: { 'Retry-After': String(Math.max(1, seconds)) },
    });
  }
}

/** 400: the member is who signed in, and did not know the password, or the code, that confirms it. */
export class WrongProof extends InvalidInput {
  constructor(field: 'currentPassword' | 'code') {
    super([{ field, reason: field === 'code' ? 'is no valid code' : 'is not your password' }]);
  }
}

/** 400, one answer for every cause: unknown, used, replaced or past its end. The reason is for the log. */
export class LinkInvalid extends AppError {
  constructor(reason: string) {
    super('LINK_INVALID', 'The link does not work: it was used or replaced, has ended, or never was.', {
      reason,
    });
  }
}

/** 401: the session has ended, was ended, or never was. */
export class SessionInvalid extends AppError {
  constructor(reason: string) {
    super('SESSION_INVALID', 'The session has ended. Sign in again.', { reason, headers: CHALLENGE });
  }
}

/** 403: a browser sent the request without the session's CSRF token, or from another site. */
export class CsrfTokenInvalid extends AppError {
  constructor(reason: string) {
    super(
      'CSRF_TOKEN_INVALID',
      'The request does not carry the X-CSRF-Token of its session, or comes from another origin.',
      {
        reason,
      },
    );
  }
}

/** 403: the member's organization is suspended. */
export class OrganizationSuspended extends AppError {
  constructor() {
    super('ORGANIZATION_SUSPENDED', 'The organization is suspended.');
  }
}
