import { createHmac, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterSecrets } from '../../platform/crypto/index.js';
import { Database } from '../../platform/database/index.js';
import { canonicalJson } from './canonical.js';
import { keyIdOf, privateKeyOf, publicBytesOf, signText } from './ed25519.js';

/** A key that signs batches. */
export interface Signer {
  /** Names its public key. */
  readonly id: string;
  sign(text: string): Buffer;
}

interface KnownKey {
  readonly id: string;
  readonly masterId: string;
  readonly generation: number;
}

/** What an endorsement signs: that the next key is ours too. */
export function endorsementCanonical(publicKey: Buffer): string {
  return canonicalJson({ public_key: publicKey.toString('hex'), type: 'gatehouse/signing-key/v1' });
}

/**
 * The keys that sign the evidence. They are derived from the master secret, by generation, and stored nowhere; the
 * public ones are told in `audit_signing_keys`, each endorsed by the one before it, so that whoever trusts the first
 * can follow to the last.
 */
@Injectable()
export class SigningKeys {
  private signer: Promise<Signer> | undefined;

  constructor(
    private readonly database: Database,
    private readonly secrets: MasterSecrets,
  ) {}

  /** The key that signs now; the first one is made when it is first asked for. @throws whatever the database throws */
  current(): Promise<Signer> {
    this.signer ??= this.load().catch((error: unknown) => {
      this.signer = undefined;
      throw error;
    });
    return this.signer;
  }

  private async load(): Promise<Signer> {
    const last = await this.newest();
    if (last?.masterId === this.secrets.currentId) return this.derive(last.masterId, last.generation);
    return this.make(1, last);
  }

  private async newest(): Promise<KnownKey | undefined> {
    const [row] = await this.database.query<KnownKey>(
      `SELECT id, master_id AS "masterId", generation FROM audit_signing_keys
       ORDER BY created_at DESC, generation DESC LIMIT 1`,
    );
    return row;
  }

  private async make(generation: number, last: KnownKey | undefined): Promise<Signer> {
    const { currentId } = this.secrets;
    const publicKey = publicBytesOf(this.privateKey(currentId, generation));
    // A key whose master secret is no longer known can endorse nothing: its successor has to be trusted anew.
    const endorser = last && this.secrets.ids.includes(last.masterId) ? last : undefined;
    const endorsement = endorser
      ? this.derive(endorser.masterId, endorser.generation).sign(endorsementCanonical(publicKey))
      : null;
    const id = keyIdOf(publicKey);
    await this.database.query('SELECT audit_add_signing_key($1, $2, $3, $4, $5, $6)', [
      id,
      publicKey,
      currentId,
      generation,
      endorser?.id ?? null,
      endorsement,
    ]);
    return this.derive(currentId, generation);
  }

  private derive(masterId: string, generation: number): Signer {
    const key = this.privateKey(masterId, generation);
    return { id: keyIdOf(publicBytesOf(key)), sign: (text) => signText(text, key) };
  }

  private privateKey(masterId: string, generation: number): KeyObject {
    const derived = this.secrets.keyOf(masterId, 'audit-signing');
    if (!derived) throw new Error('The master secret of a signing key is not configured.');
    return privateKeyOf(createHmac('sha256', derived).update(`generation/${generation}`).digest());
  }
}
