import { createHmac, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterSecrets } from '../../platform/crypto/index.js';
import { Database } from '../../platform/database/index.js';
import { canonicalJson } from './canonical.js';
import { keyIdOf, privateKeyOf, publicBytesOf, signText } from './ed25519.js';

/** A key that signs batches and checkpoints. */
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

  /**
   * Looks again which key signs: another process may have made a newer one. Until that is known, and where it cannot
   * be, the one before signs on: no batch waits for it. @throws whatever the database throws
   */
  async refresh(): Promise<void> {
    const next = await this.load();
    this.signer = Promise.resolve(next);
  }

  /**
   * Makes the next key, endorsed by the newest one; from now on it signs. Two at once make one key.
   * @returns its id
   */
  async rotate(): Promise<string> {
    const own = await this.newest(this.secrets.currentId);
    const next = await this.make((own?.generation ?? 0) + 1, await this.newest());
    this.signer = Promise.resolve(next);
    return next.id;
  }

  /**
   * The newest key, where its master secret is known: processes that are restarted one by one with another master
   * secret agree on it. A master secret that has no key yet gets its first one.
   */
  private async load(): Promise<Signer> {
    const last = await this.newest();
    const own = await this.newest(this.secrets.currentId);
    if (!last || !own) return this.make(1, last);
    const known = this.secrets.ids.includes(last.masterId) ? last : own;
    return this.derive(known.masterId, known.generation);
  }

  private async newest(masterId?: string): Promise<KnownKey | undefined> {
    const [row] = await this.database.query<KnownKey>(
      `SELECT id, master_id AS "masterId", generation FROM audit_signing_keys
       WHERE $1::text IS NULL OR master_id = $1 ORDER BY created_at DESC, generation DESC LIMIT 1`,
      [masterId ?? null],
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
