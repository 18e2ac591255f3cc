import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { SigningKeys } from '../evidence/signing-keys.js';
import {
  type CheckpointName,
  type ExportManifest,
  manifestCanonical,
  type ManifestDocument,
} from './export-manifest.js';

/** A manifest with its signature. */
export interface SignedManifest {
  readonly canonical: string;
  readonly signature: Buffer;
}

/** Signs manifests with the key that signs the log. */
@Injectable()
export class ManifestSigner {
  constructor(
    private readonly database: Database,
    private readonly keys: SigningKeys,
  ) {}

  /** Adds the last checkpoint and the signing key to what is known of an export, and signs it. */
  async sign(known: Omit<ExportManifest, 'checkpoint' | 'signingKey'>): Promise<SignedManifest> {
    const signer = await this.keys.current();
    const [checkpoint] = await this.database.query<CheckpointName>(
      `SELECT no::float8 AS no, encode(hash, 'hex') AS hash FROM audit_checkpoints ORDER BY audit_checkpoints.no DESC LIMIT 1`,
    );
    const canonical = manifestCanonical({
      ...known,
      checkpoint: checkpoint ?? null,
      signingKey: signer.id,
    });
    return { canonical, signature: signer.sign(canonical) };
  }

  /** A signed manifest as it is handed out, with the public key that it names. */
  async document({ canonical, signature }: SignedManifest): Promise<ManifestDocument> {
    const { signing_key: id } = JSON.parse(canonical) as { signing_key: string };
    const [key] = await this.database.query<{ publicKey: string }>(
      `SELECT encode(public_key, 'hex') AS "publicKey" FROM audit_signing_keys WHERE id = $1`,
      [id],
    );
    if (!key) throw new Error(`The public key ${id} is not known.`);
    return {
      manifest: canonical,
      signature: signature.toString('hex'),
      signingKey: { id, publicKey: key.publicKey },
    };
  }
}
