import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

/** DER around a raw key of Ed25519 (RFC 8410). */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** A private key from its seed of 32 bytes (RFC 8032). */
export function privateKeyOf(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, seed]), format: 'der', type: 'pkcs8' });
}

/** The 32 bytes of the public key that belongs to a private one. */
export function publicBytesOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_HEAD.length);
}

/** A public key from its 32 bytes. */
export function publicKeyOf(bytes: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, bytes]), format: 'der', type: 'spki' });
}

/** Names a public key: the first 16 hex digits of its SHA-256. */
export function keyIdOf(publicBytes: Buffer): string {
  return hash('sha256', publicBytes, 'hex').slice(0, 16);
}

/** Signs a text at once: the way to another thread and back takes twice as long, and less than one answer costs. */
export function signText(text: string, key: KeyObject): Buffer {
  return sign(null, Buffer.from(text), key);
}

export function isSignedBy(text: string, signature: Buffer, key: KeyObject): boolean {
  return verify(null, Buffer.from(text), key, signature);
}
