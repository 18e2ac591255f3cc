import type { KeyObject } from 'node:crypto';
import { isSignedBy, keyIdOf, publicKeyOf } from '../evidence/ed25519.js';
import { endorsementCanonical } from '../evidence/signing-keys.js';
import type { Findings } from './findings.js';

/** A signing key as a bundle tells it. */
export interface KeyLine {
  readonly type: 'key';
  readonly id: string;
  /** In hex, as the endorsement. */
  readonly public_key: string;
  readonly endorsed_by: string | null;
  readonly endorsement: string | null;
}

/** What a signature is worth. */
export type Signed = 'yes' | 'no' | 'untrusted';

/**
 * The keys whose signatures count: those that the auditor names, and each that one of these endorsed, and so on. Where
 * none is named, the bundle's first key is trusted, and said to be.
 */
export class TrustedKeys {
  private readonly keys = new Map<string, KeyObject>();
  private readonly trusted = new Set<string>();
  private firstUse: string | null = null;

  /** @param named public keys in hex */
  constructor(private readonly named: ReadonlySet<string>) {}

  /** The key that was trusted because none was named. */
  get trustedOnFirstUse(): string | null {
    return this.firstUse;
  }

  /** Takes the next key, an endorsing one before those that it endorses. */
  add(line: KeyLine, findings: Findings): void {
    const bytes = Buffer.from(line.public_key, 'hex');
    if (bytes.length !== 32 || keyIdOf(bytes) !== line.id) {
      findings.add({
        kind: 'altered',
        log: 'keys',
        message: `The key ${line.id} is not the one of this name.`,
      });
      return;
    }
    this.keys.set(line.id, publicKeyOf(bytes));
    if (this.named.size === 0 && this.firstUse === null) this.firstUse = line.id;
    if (this.named.has(line.public_key) || line.id === this.firstUse || this.isEndorsed(line, bytes))
      this.trusted.add(line.id);
  }

  check(text: string, signatureHex: string, keyId: string): Signed {
    const key = this.keys.get(keyId);
    if (!key || !isSignedBy(text, Buffer.from(signatureHex, 'hex'), key)) return 'no';
    return this.trusted.has(keyId) ? 'yes' : 'untrusted';
  }

  private isEndorsed({ endorsed_by: by, endorsement }: KeyLine, bytes: Buffer): boolean {
    if (by === null || endorsement === null) return false;
    return this.check(endorsementCanonical(bytes), endorsement, by) === 'yes';
  }
}
