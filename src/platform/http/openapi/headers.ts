const text = (description: string, example: string) => ({ description, schema: { type: 'string' }, example });
const count = (description: string, example: number) => ({
  description,
  schema: { type: 'integer', minimum: 0 },
  example,
});

/** On every answer. */
export const REQUEST_ID_HEADER = {
  'X-Request-Id': text('The request, as the log knows it.', 'req_01k0b3w2f7e1rt5m8v9xq4zj6d'),
};

/** On every answer to a key. */
export const QUOTA_HEADERS = {
  'X-RateLimit-Limit': count('Requests in the tightest window.', 2_000),
  'X-RateLimit-Remaining': count('Requests left in it.', 1_999),
  'X-RateLimit-Reset': count('When the next window starts, Unix seconds.', 1_767_225_600),
  'RateLimit-Policy': text('Every window: its quota and its length in seconds.', '"hour";q=2000;w=3600'),
  RateLimit: text(
    'Every window: what is left, and the seconds until it starts anew.',
    '"hour";r=1999;t=1800',
  ),
};

/** On answers to a key whose plan has a polling interval, where it applies. */
export const POLL_HEADER = {
  'X-Poll-Interval': count('Seconds to wait before the identical request.', 60),
};

export const ETAG_HEADER = {
  ETag: text('The version of what was answered; send it as `If-Match` or `If-None-Match`.', '"5fA0…"'),
};

export const LOCATION_HEADER = {
  Location: text('Where it is.', '/api/v1/campaigns/cmp_01k0b3w2f7e1rt5m8v9xq4zj6d'),
};

export const REPLAYED_HEADER = {
  'Idempotency-Replayed': text(
    '`true` where the answer is the first one to this Idempotency-Key, again.',
    'true',
  ),
};

export const RETRY_AFTER_HEADER = { 'Retry-After': count('Whole seconds to wait, at least 1.', 60) };

export const CHALLENGE_HEADER = {
  'WWW-Authenticate': text('How to say who one is (RFC 6750).', 'Bearer realm="gatehouse"'),
};
