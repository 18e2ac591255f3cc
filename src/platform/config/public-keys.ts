import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Public keys for ECDSA on P-256, by their identifiers. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

/** A file of public keys cannot be used; the message says why, in the words of a setting's fault. */
export class PublicKeysUnusable extends Error {}

const FORM = z.object({
  public_keys: z
    .array(z.object({ key_identifier: z.string().min(1).max(256), key: z.string() }))
    .min(1)
    .max(100),
});

/**
 * Reads public keys from a JSON file of the form that GitHub publishes:
 * `{"public_keys":[{"key_identifier","key","is_current"}]}`, the key in PEM. All of them are taken, also those that
 * are no longer current: whoever does not want one leaves it out.
 * @throws PublicKeysUnusable
 */
export function readPublicKeys(path: string): PublicKeys {
  const parsed = FORM.safeParse(contentOf(path));
  if (!parsed.success) {
    throw new PublicKeysUnusable(
      'names a file that is not of the form {"public_keys":[{"key_identifier","key"}]}',
    );
  }
  const keys = new Map<string, KeyObject>();
  for (const [index, { key_identifier, key }] of parsed.data.public_keys.entries()) {
    if (keys.has(key_identifier)) {
      throw new PublicKeysUnusable(`names a file that has an identifier twice (public_keys[${index}])`);
    }
    keys.set(key_identifier, keyOf(key, index));
  }
  return keys;
}

function contentOf(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new PublicKeysUnusable(
      `names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new PublicKeysUnusable('names a file that is not JSON');
  }
}

function keyOf(pem: string, index: number): KeyObject {
  try {
    // A private key would be taken too, and its public half used: it has no place in this file.
    const key = pem.includes('PRIVATE') ? undefined : createPublicKey({ key: pem, format: 'pem' });
    if (key?.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // no key at all
  }
  throw new PublicKeysUnusable(
    `names a file in which public_keys[${index}] is no public key on P-256 in PEM`,
  );
}
