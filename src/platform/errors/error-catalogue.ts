/** What one error code means: the status it answers with, and what its reader should do about it. */
export interface ErrorDescription {
  readonly status: number;
  /** When the gate answers so, in one sentence. */
  readonly when: string;
  /** What the caller should do. */
  readonly remedy: string;
}

const describe = (status: number, when: string, remedy: string): ErrorDescription => ({
  status,
  when,
  remedy,
});

/** Every code an answer can carry. `docs/errors.md` is printed from this table. */
export const ERROR_CATALOGUE = {
  INVALID_INPUT: describe(
    400,
    'A parameter or a field of the body is missing, unknown, or of the wrong form.',
    'Read `details.errors`, mend every field it names, send again.',
  ),
  MALFORMED_JSON: describe(400, 'The body is not JSON.', 'Send well-formed JSON in UTF-8.'),
  STORE_REQUIRED: describe(
    400,
    'A member used a short path, which names no store.',
    'Use `/api/v1/stores/{storeId}/…`.',
  ),
  LINK_INVALID: describe(
    400,
    'The link for a new password was used or replaced, has ended, or never was.',
    'Ask for a new one.',
  ),
  SEARCH_TOO_WIDE: describe(
    400,
    'A search of the logs would read more than it may.',
    'Narrow it by `from` and `to`, or by a filter such as `keyId`; leave `count` out.',
  ),
  REQUEST_ABORTED: describe(400, 'The body ended before its announced length.', 'Send the whole body.'),
  KEY_MISSING: describe(
    401,
    'No key and no session came with the request.',
    'Send `Authorization: Bearer <key>`.',
  ),
  KEY_MALFORMED: describe(
    401,
    'The token is not of the published form, or its checksum is wrong.',
    'Copy the key again, whole.',
  ),
  KEY_UNKNOWN: describe(
    401,
    'No key has this secret.',
    'Use a key that exists; a deleted one never works again.',
  ),
  KEY_EXPIRED: describe(401, 'The key, or the rotated secret, is past its end.', 'Create or rotate a key.'),
  KEY_REVOKED: describe(401, 'The key was revoked.', 'Create a new key; revocation is final.'),
  SESSION_INVALID: describe(401, 'The session has ended or never existed.', 'Sign in again.'),
  SIGN_IN_FAILED: describe(
    401,
    'The address and the password do not belong together.',
    'Check both; after too many failures wait.',
  ),
  SIGNATURE_INVALID: describe(
    401,
    'The signature does not belong to the body, or its key is not known here.',
    'Sign the bytes that are sent, with a key that the operator has configured.',
  ),
  TOTP_REQUIRED: describe(
    401,
    'The password was right, and the member has a second factor.',
    'Sign in again with the code of the authenticator, or a recovery code, as `totp`.',
  ),
  ORGANIZATION_SUSPENDED: describe(403, 'The organization is suspended.', 'Talk to the operator.'),
  CSRF_TOKEN_INVALID: describe(
    403,
    'A session changed something without its `X-CSRF-Token`, or from another origin.',
    'Send the token that sign-in returned.',
  ),
  ORIGIN_NOT_ALLOWED: describe(
    403,
    'Events of pages came from somewhere else than a page of this installation.',
    'Send them from a page of ours; from a server, send them to `/api/v1/analytics/events` with a key.',
  ),
  IP_NOT_ALLOWED: describe(
    403,
    'The key may not be used from this address.',
    'Call from an address on its allow-list, or widen the list.',
  ),
  PERMISSION_DENIED: describe(
    403,
    'The role, the key or the plan does not reach the level that the route needs.',
    'Read `details.limitedBy`, and widen that one.',
  ),
  EXCEEDS_OWN_GRANTS: describe(
    403,
    'A principal tried to give away more than it holds.',
    'Ask somebody who holds it.',
  ),
  NOT_FOUND: describe(
    404,
    'There is no such route or object, or it belongs to somebody else.',
    'Check the path and the id.',
  ),
  INVITATION_INVALID: describe(
    404,
    'The link names no invitation that is still open: it was used, renewed or deleted, or has ended.',
    'Ask whoever sent it for a new one.',
  ),
  CONFLICT: describe(409, 'The object is not in a state that allows this.', 'Read it again and decide anew.'),
  KEY_LIMIT_REACHED: describe(
    409,
    'The store has as many active keys as its plan allows.',
    'Revoke one, or widen the plan.',
  ),
  LAST_ADMIN: describe(
    409,
    'Nobody would be left who administers the organization, or who runs the installation.',
    'Give somebody else that role first, and let them sign in.',
  ),
  PROOF_TOO_LONG: describe(
    409,
    'Too many batches lie between the row and the log tree’s next entry for a proof of its own.',
    'Verify a bundle of the whole log instead: `gatehouse audit bundle`.',
  ),
  IDEMPOTENCY_IN_FLIGHT: describe(
    409,
    'A request with this Idempotency-Key is still running.',
    'Repeat after a moment.',
  ),
  SECRET_ALREADY_SHOWN: describe(
    409,
    'The first answer to this Idempotency-Key held a secret, which is shown once.',
    'Rotate the key or renew the invitation that `details.id` names; where it names a store, rotate its keys.',
  ),
  EVENTS_GONE: describe(
    410,
    'Events after the number that was asked for are no longer kept.',
    'Go on from `details.swept`, and make up for what lies between by reading the objects themselves.',
  ),
  PRECONDITION_FAILED: describe(
    412,
    '`If-Match` names another version than the current one.',
    'Read it again, and send its ETag.',
  ),
  PAYLOAD_TOO_LARGE: describe(413, 'The body is larger than the route takes.', 'Send less at once.'),
  URI_TOO_LONG: describe(414, 'The path and query are longer than 8,192 bytes.', 'Shorten the query.'),
  UNSUPPORTED_MEDIA_TYPE: describe(
    415,
    'The body is not declared as what the route takes: `application/json`, or `multipart/form-data` for files; or it is in an unknown encoding.',
    'Send JSON, or the form with a file, and say so.',
  ),
  UNSUPPORTED_MEDIA: describe(
    415,
    'A file is of a type that is not kept here, whatever its name or its sender says.',
    'Send a JPEG, PNG, WebP, GIF or AVIF image, an MP4 or WebM video, or a PDF.',
  ),
  IDEMPOTENCY_MISMATCH: describe(422, 'The Idempotency-Key was used for another request.', 'Use a new one.'),
  RANGE_NOT_SATISFIABLE: describe(
    416,
    'The range of a download begins past its end.',
    'Look at `Content-Range` for the size; what you have may be all of it.',
  ),
  QUOTA_EXCEEDED: describe(
    429,
    'The plan has no request left in a window.',
    'Wait as long as `Retry-After` says.',
  ),
  POLLING_TOO_FAST: describe(
    429,
    'The identical request came before the plan allows it again.',
    'Wait as long as `Retry-After` says.',
  ),
  TOO_MANY_STREAMS: describe(
    429,
    'The server, or the organization, has as many streams open as it may.',
    'Close one, or wait as long as `Retry-After` says.',
  ),
  TOO_MANY_PAGE_EVENTS: describe(
    429,
    'Pages sent events from one address more often than they may.',
    'Wait as long as `Retry-After` says.',
  ),
  TOO_MANY_FAILED_ATTEMPTS: describe(
    429,
    'Too many failed attempts came from this address, or were made for this e-mail address.',
    'Wait as long as `Retry-After` says.',
  ),
  INTERNAL_ERROR: describe(500, 'A defect of ours.', 'Tell us the request id.'),
  AUDIT_UNAVAILABLE: describe(
    503,
    'The request log cannot be written, so nothing may be answered.',
    'Repeat; on `details.applied: "unknown"` with the same Idempotency-Key.',
  ),
  SECOND_FACTOR_UNAVAILABLE: describe(
    503,
    'The password was right, and the second factor cannot be checked: it was sealed under a master secret that the server does not have, or altered.',
    'Talk to the operator, who sets `GATEHOUSE_SECRET_PREVIOUS`, or takes the second factor away: `gatehouse admin reset-second-factor`.',
  ),
  MEDIA_BUSY: describe(
    503,
    'As many images wait to be looked at as may.',
    'Repeat after `Retry-After`, with the same Idempotency-Key where you sent one.',
  ),
  DATABASE_UNAVAILABLE: describe(503, 'The database does not answer.', 'Repeat after `Retry-After`.'),
} as const satisfies Record<string, ErrorDescription>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
