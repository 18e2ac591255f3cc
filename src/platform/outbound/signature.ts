import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';

/** A secret as its owner keeps it: `whsec_` and base64. @param secret 32 bytes */
export function secretText(secret: Buffer): string {
  return `${SECRET_PREFIX}${secret.toString('base64')}`;
}

/**
 * The headers of a signed message, in the words of Standard Webhooks: HMAC-SHA-256 over id, time and body, once for
 * each secret, so that receivers who know either one accept it while it is rotated.
 * @param secrets at least one
 * @param timestampSeconds since the epoch; receivers refuse what is older than a few minutes
 */
export function signatureHeaders(
  secrets: readonly Buffer[],
  id: string,
  timestampSeconds: number,
  body: string,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const signed = `${id}.${timestampSeconds}.${body}`;
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}
