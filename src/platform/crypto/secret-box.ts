import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterSecrets } from './master-secrets.js';

const VERSION = 1;
const ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES;

/** A box cannot be opened: its master secret is not configured, or it is not what was sealed, or not there. */
export class BoxBroken extends Error {
  constructor(reason: string) {
    super(`A sealed secret cannot be opened: ${reason}.`);
    this.name = 'BoxBroken';
  }
}

/**
 * Seals secrets that must be read again (AES-256-GCM, NIST SP 800-38D) under a key derived from the master secret.
 * A box says which master secret it is under: version, the secret's id (8 bytes), nonce (12), ciphertext, tag (16).
 */
@Injectable()
export class SecretBox {
  constructor(private readonly secrets: MasterSecrets) {}

  /** @param place what the secret belongs to, e.g. `totp/<member>`: a box put in another place does not open */
  seal(secret: Buffer, place: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.secrets.key('secret-box'), nonce);
    cipher.setAAD(Buffer.from(place));
    const head = Buffer.concat([Buffer.of(VERSION), Buffer.from(this.secrets.currentId, 'hex'), nonce]);
    return Buffer.concat([head, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws BoxBroken */
  open(box: Buffer, place: string): Buffer {
    if (box.length < HEAD_BYTES + TAG_BYTES || box[0] !== VERSION) throw new BoxBroken('it is no box');
    const key = this.secrets.keyOf(masterIdOf(box), 'secret-box');
    if (!key) throw new BoxBroken('its master secret is not configured');
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(1 + ID_BYTES, HEAD_BYTES));
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(box.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(box.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch {
      throw new BoxBroken('it was altered, or sealed for another place');
    }
  }
}

/** Names the master secret that a box is under. */
export function masterIdOf(box: Buffer): string {
  return box.subarray(1, 1 + ID_BYTES).toString('hex');
}
