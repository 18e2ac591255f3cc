import { AppError } from '../platform/errors/index.js';

/** What every 401 must name (RFC 9110, section 11.6.1): how a program would authenticate. */
const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="gatehouse"' };

/** 401, one answer for every cause: who guesses learns nothing but that. The reason is for the log. */
export class SignInFailed extends AppError {
  constructor(
    reason: 'unknown address' | 'no password' | 'wrong password' | 'member disabled' | 'password changed',
  ) {
    super('SIGN_IN_FAILED', 'The address and the password do not belong together.', {
      reason,
      headers: CHALLENGE,
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
