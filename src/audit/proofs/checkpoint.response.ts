import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { publishedCheckpoint, type StoredCheckpoint } from '../leader/stored-checkpoint.js';

/** Hex digits. */
const digits = (description: string, example?: string): PropertyDecorator =>
  ApiProperty({ type: 'string', pattern: '^[0-9a-f]*$', description, example });

@ApiSchema({ name: 'CheckpointPublication' })
class PublicationResponse {
  @ApiProperty({ enum: ['file', 'webhook', 's3'] }) kind!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it was there.' }) at!: string;
  @ApiProperty({
    type: 'string',
    required: false,
    description: 'Where. Told to operators alone.',
    example: 'https://witness.example/checkpoints',
  })
  place?: string;
}

/** A checkpoint as it is answered: what it says, and the very text that is signed. */
@ApiSchema({ name: 'Checkpoint' })
export class CheckpointResponse {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'From 1, without gaps.' }) no!: number;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Leaves of the log tree.' }) logSize!: number;
  @digits('The root of the log tree.') root!: string;
  @digits('The hash of the checkpoint before; zeros for the first.') prev!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) sealedAt!: string;
  @digits('The id of the key that signed it.', '90b7ef24a2b65b34') signingKey!: string;
  @digits('Ed25519, over `canonical`.') signature!: string;
  @digits('SHA-256 of `canonical`.') hash!: string;
  @ApiProperty({ type: 'string', description: 'The canonical JSON of the checkpoint.' }) canonical!: string;
  @ApiProperty({ type: [PublicationResponse], description: 'Where it has been brought so far.' })
  published!: PublicationResponse[];
}

/** Where a checkpoint was brought to. */
export interface Publication {
  readonly kind: string;
  readonly at: Date;
  readonly place: string;
}

export function presentCheckpoint(
  row: StoredCheckpoint,
  published: readonly Publication[],
  tellsPlaces: boolean,
): CheckpointResponse {
  return {
    no: Number(row.no),
    logSize: Number(row.log_size),
    root: row.root.toString('hex'),
    prev: row.prev_hash.toString('hex'),
    sealedAt: new Date(Number(row.sealed_at)).toISOString(),
    signingKey: row.signing_key,
    ...publishedCheckpoint(row),
    published: published.map(({ kind, at, place }) => ({
      kind,
      at: at.toISOString(),
      ...(tellsPlaces ? { place } : {}),
    })),
  };
}
