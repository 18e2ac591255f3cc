import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import {
  MOST_HEADERS,
  type Proof,
  PROOF_STATES,
  PROOF_TYPE,
  type ProofKey,
  type ProofState,
  type ProvenRow,
  type SignedText,
} from '../evidence/proof.js';

const text = (description: string): PropertyDecorator => ApiProperty({ type: 'string', description });
const textOrNull = (description: string): PropertyDecorator =>
  ApiProperty({ type: 'string', nullable: true, description });
const path = (description: string): PropertyDecorator =>
  ApiProperty({ type: [String], maxItems: 64, description });

@ApiSchema({ name: 'ProofRow' })
class ProofRowResponse implements ProvenRow {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'In its batch.' }) position!: number;
  @textOrNull('Hex digits; null where the personal fields were erased.') salt!: string | null;
  @text('The canonical JSON of the personal fields; their commitment where they were erased.')
  personal!: string;
  @text('The canonical JSON of the row; its leaf is SHA-256(0x00 || this).') record!: string;
}

@ApiSchema({ name: 'ProofSignedText' })
class SignedTextResponse implements SignedText {
  @text('The canonical JSON that is signed.') canonical!: string;
  @text('Ed25519, in hex.') signature!: string;
}

@ApiSchema({ name: 'ProofCheckpoint' })
class ProofCheckpointResponse extends SignedTextResponse {
  @text('SHA-256 of `canonical`.') hash!: string;
}

@ApiSchema({ name: 'ProofBatch' })
class ProofBatchResponse {
  @ApiProperty({ type: SignedTextResponse }) header!: SignedTextResponse;
  @path('The siblings from the row’s leaf to the header’s root, the lowest first (RFC 9162).')
  path!: string[];
}

@ApiSchema({ name: 'ProofAnchor' })
class ProofAnchorResponse {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'The place in the log tree.' }) seq!: number;
  @path('The siblings from the last header’s leaf to the checkpoint’s root, the lowest first.')
  path!: string[];
  @ApiProperty({ type: ProofCheckpointResponse }) checkpoint!: ProofCheckpointResponse;
}

@ApiSchema({ name: 'ProofKey' })
class ProofKeyResponse implements ProofKey {
  @text('Names the key.') id!: string;
  @text('Of Ed25519, in hex.') publicKey!: string;
  @textOrNull('The key that vouches for this one.') endorsedBy!: string | null;
  @textOrNull('Its signature, in hex.') endorsement!: string | null;
}

/** That a row is in the log, for whoever has nothing but public keys. */
@ApiSchema({ name: 'Proof' })
export class ProofResponse implements Proof {
  @ApiProperty({ enum: [PROOF_TYPE] }) type!: typeof PROOF_TYPE;
  @text('The request or the change.') id!: string;
  @ApiProperty({ enum: ['requests', 'changes'] }) log!: 'requests' | 'changes';
  @ApiProperty({
    enum: PROOF_STATES,
    description:
      '`anchored`: a checkpoint covers it. `sealed`: it is in a signed batch, and the next checkpoint will cover it. `unsealed`: it is in no batch yet. `unevidenced`: it is of before there was evidence. `broken`: what proves it is not whole; verify the log.',
  })
  state!: ProofState;
  @ApiProperty({ type: ProofRowResponse, nullable: true }) row!: ProofRowResponse | null;
  @ApiProperty({ type: ProofBatchResponse, nullable: true }) batch!: ProofBatchResponse | null;
  @ApiProperty({
    type: [String],
    maxItems: MOST_HEADERS,
    description:
      'The headers after the batch’s own, each naming the one before, up to the one in the log tree.',
  })
  chain!: string[];
  @ApiProperty({ type: ProofAnchorResponse, nullable: true }) anchor!: ProofAnchorResponse | null;
  @ApiProperty({ type: [ProofKeyResponse], description: 'An endorsing key before those it endorses.' })
  keys!: ProofKeyResponse[];
}
