import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { endorsementCanonical } from '../evidence/signing-keys.js';
import { MOST_KEYS, type StoredKey } from './stored-keys.js';

/** A key whose signatures the logs have. */
@ApiSchema({ name: 'SigningKey' })
export class SigningKeyResponse {
  @ApiProperty({
    type: 'string',
    description: 'The first 16 hex digits of the public key’s SHA-256.',
    example: '90b7ef24a2b65b34',
  })
  id!: string;
  @ApiProperty({
    type: 'string',
    pattern: '^[0-9a-f]{64}$',
    description: 'Of Ed25519 (RFC 8032), in hex.',
  })
  publicKey!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The key that vouches for this one; null: it has to be trusted by itself.',
  })
  endorsedBy!: string | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Its signature over `canonical`, in hex.',
  })
  endorsement!: string | null;
  @ApiProperty({ type: 'string', description: 'What an endorsement signs.' }) canonical!: string;
}

/** The keys, the newest first. */
@ApiSchema({ name: 'SigningKeys' })
export class SigningKeysResponse {
  @ApiProperty({ type: [SigningKeyResponse], maxItems: MOST_KEYS, description: 'The newest first.' })
  data!: SigningKeyResponse[];
}

export function presentSigningKey(key: StoredKey): SigningKeyResponse {
  return {
    id: key.id,
    publicKey: key.public_key.toString('hex'),
    createdAt: key.created_at.toISOString(),
    endorsedBy: key.endorsed_by,
    endorsement: key.endorsement?.toString('hex') ?? null,
    canonical: endorsementCanonical(key.public_key),
  };
}
