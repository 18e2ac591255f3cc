import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** What a derived key is for. One purpose, one key: a leak of one says nothing of the others. */
export type KeyPurpose =
  | 'token-digest'
  | 'session-digest'
  | 'cursor'
  | 'secret-box'
  | 'link-token'
  | 'request-digest'
  | 'audit-signing'
  | 'erased-address';

/**
 * Derives a 256-bit key for one purpose from the master secret by HKDF-SHA-256 (RFC 5869).
 * Returned as a KeyObject, with which an HMAC costs an eighth of what it costs with raw bytes.
 */
export function deriveKey(masterSecret: string, purpose: KeyPurpose): KeyObject {
  const bytes = hkdfSync('sha256', masterSecret, '', `gatehouse/v1/${purpose}`, 32);
  return createSecretKey(new Uint8Array(bytes));
}
