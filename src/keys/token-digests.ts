import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterSecrets, SecretBox } from '../platform/crypto/index.js';

/** What is stored of a token. */
export interface StoredToken {
  readonly digest: Buffer;
  readonly digestVersion: 2;
  /** Which master secret the digest was made under. */
  readonly masterId: string;
  readonly sealedHash: Buffer;
}

/**
 * What is stored of a token, and how it is found again. The digest is HMAC-SHA-256 of the token's SHA-256, which is
 * kept beside it in a sealed box: of it the digest can be made under another master secret, and neither the token
 * nor a way in. The first version was HMAC-SHA-256 of the token itself; such digests are still found.
 */
@Injectable()
export class TokenDigests {
  constructor(
    private readonly secrets: MasterSecrets,
    private readonly box: SecretBox,
  ) {}

  /** What to store of a token. @param secretId the secret's UUID */
  stored(secretId: string, token: string): StoredToken {
    return this.storedOfHash(secretId, hashOf(token));
  }

  /** The same, made of the token's SHA-256. */
  storedOfHash(secretId: string, tokenHash: Buffer): StoredToken {
    return {
      digest: this.secrets.digest('token-digest', tokenHash),
      digestVersion: 2,
      masterId: this.secrets.currentId,
      sealedHash: this.seal(secretId, tokenHash),
    };
  }

  /** Every digest (hex) that a token may be stored under: of each version, under each accepted master secret. */
  candidates(token: string): string[] {
    const ofHash = this.secrets.digests('token-digest', hashOf(token));
    const ofToken = this.secrets.digests('token-digest', token);
    return [...ofHash, ...ofToken].map((digest) => digest.toString('hex'));
  }

  /** The token's SHA-256 in a box that opens for this secret alone. */
  seal(secretId: string, tokenHash: Buffer): Buffer {
    return this.box.seal(tokenHash, placeOf(secretId));
  }

  /** The token's SHA-256. @throws BoxBroken */
  open(secretId: string, sealedHash: Buffer): Buffer {
    return this.box.open(sealedHash, placeOf(secretId));
  }
}

/** SHA-256 of 256 random bits leads back to nothing. */
export function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

function placeOf(secretId: string): string {
  return `key-secret/${secretId}`;
}
