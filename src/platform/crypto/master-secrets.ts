import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { deriveKey, type KeyPurpose } from './derived-keys.js';

/**
 * The current master secret and, while a change of it is under way, the previous one.
 * New digests are made under the current one; both are accepted when reading.
 */
export class MasterSecrets {
  /** Names the current master secret without telling it: stored beside each digest. */
  readonly currentId: string;
  /** The ids of all that are configured, the current one first. */
  readonly ids: readonly string[];
  private readonly secrets: readonly string[];
  private readonly derived = new Map<string, KeyObject>();

  constructor(current: string, previous?: string) {
    this.secrets = previous === undefined ? [current] : [current, previous];
    this.ids = this.secrets.map(idOf);
    this.currentId = idOf(current);
  }

  /** HMAC-SHA-256 (RFC 2104) of a text or bytes under the current secret's key for that purpose, 32 bytes. */
  digest(purpose: KeyPurpose, text: string | Buffer): Buffer {
    return this.digestUnder(0, purpose, text);
  }

  /** The digests under which a text may be stored: the current secret's first. */
  digests(purpose: KeyPurpose, text: string | Buffer): Buffer[] {
    return this.secrets.map((_, index) => this.digestUnder(index, purpose, text));
  }

  /** The current secret's key for that purpose. */
  key(purpose: KeyPurpose): KeyObject {
    return this.keyUnder(0, purpose);
  }

  /** The key for that purpose of the secret with that id; undefined where it is not configured. */
  keyOf(id: string, purpose: KeyPurpose): KeyObject | undefined {
    const index = this.ids.indexOf(id);
    return index < 0 ? undefined : this.keyUnder(index, purpose);
  }

  private digestUnder(index: number, purpose: KeyPurpose, text: string | Buffer): Buffer {
    return createHmac('sha256', this.keyUnder(index, purpose)).update(text).digest();
  }

  private keyUnder(index: number, purpose: KeyPurpose): KeyObject {
    const slot = `${index}/${purpose}`;
    let key = this.derived.get(slot);
    if (!key) {
      key = deriveKey(this.secrets[index] ?? '', purpose);
      this.derived.set(slot, key);
    }
    return key;
  }
}

function idOf(secret: string): string {
  return createHash('sha256').update(`gatehouse/v1/id:${secret}`).digest('hex').slice(0, 16);
}
