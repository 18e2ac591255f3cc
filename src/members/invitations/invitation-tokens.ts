import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterSecrets } from '../../platform/crypto/index.js';

const TOKEN_BYTES = 32;
/** 256 bits in base64url. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;

/** The secrets in the links of invitations: 256 random bits each, stored as HMAC digests. */
@Injectable()
export class InvitationTokens {
  constructor(private readonly secrets: MasterSecrets) {}

  /** A new token, and what of it is stored. */
  make(): { token: string; digest: Buffer; masterId: string } {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const digest = this.secrets.digest('link-token', textOf(token));
    return { token, digest, masterId: this.secrets.currentId };
  }

  /** What a token may be stored as, under the current and the previous master secret; nothing for garbage. */
  digests(token: string): Buffer[] {
    return TOKEN_FORM.test(token) ? this.secrets.digests('link-token', textOf(token)) : [];
  }
}

/** One key serves every kind of link; the prefix keeps one kind from passing for another. */
const textOf = (token: string) => `invitation/${token}`;
