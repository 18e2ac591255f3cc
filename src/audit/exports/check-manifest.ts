import { isSignedBy, keyIdOf, publicKeyOf } from '../evidence/ed25519.js';
import { MANIFEST_TYPE, type ManifestDocument } from './export-manifest.js';

/** What a manifest is worth. */
export interface CheckedManifest {
  /** In words; none where all holds. */
  readonly faults: readonly string[];
  /** What the manifest attests, as it is written. */
  readonly attested: Readonly<Record<string, unknown>>;
}

/**
 * Checks a file's digest against its manifest, and the manifest against its signature.
 * @param sha256 of the file, in hex
 * @param trusted public keys in hex; without any, the manifest's own
 */
export function checkManifest(
  document: ManifestDocument,
  sha256: string,
  trusted: readonly string[] = [],
): CheckedManifest {
  const attested = attestedBy(document);
  if (!attested) return { faults: ['This is no manifest of an export.'], attested: {} };
  const faults: string[] = [];
  const { id, publicKey } = document.signingKey;
  const bytes = Buffer.from(publicKey, 'hex');
  if (bytes.length !== 32 || keyIdOf(bytes) !== id || attested['signing_key'] !== id) {
    faults.push('The key is not the one that it is said to be.');
  } else if (!isSignedBy(document.manifest, Buffer.from(document.signature, 'hex'), publicKeyOf(bytes))) {
    faults.push('The manifest is not the one that was signed.');
  }
  if (trusted.length > 0 && !trusted.includes(publicKey)) faults.push(`Nobody trusts the key ${id}.`);
  if (attested['sha256'] !== sha256) faults.push('The file is not the one that the manifest is of.');
  return { faults, attested };
}

function attestedBy({
  manifest,
  signature,
  signingKey,
}: ManifestDocument): Record<string, unknown> | undefined {
  if ([manifest, signature, signingKey?.id, signingKey?.publicKey].some((part) => typeof part !== 'string')) {
    return undefined;
  }
  try {
    const attested = JSON.parse(manifest) as Record<string, unknown>;
    return attested['type'] === MANIFEST_TYPE ? attested : undefined;
  } catch {
    return undefined;
  }
}
