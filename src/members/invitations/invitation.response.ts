import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { NamedReference } from '../dto/named-reference.js';
import { INVITATION_STATUSES, type InvitationStatus } from './invitation.input.js';

export class InvitedByResponse {
  @ApiProperty({ enum: ['key', 'member', 'system'] }) type!: 'key' | 'member' | 'system';
  @ApiProperty({ example: 'mem_01h455vb4pex5vsknk084sn02q' }) id!: string;
}

/** An invitation; never with its link. */
@ApiSchema({ name: 'Invitation' })
export class InvitationResponse {
  @ApiProperty({ example: 'inv_01h455vb4pex5vsknk084sn02q' }) id!: string;
  @ApiProperty({ example: 'ada@example.com' }) email!: string;
  @ApiProperty({ type: String, nullable: true }) name!: string | null;
  @ApiProperty({
    type: NamedReference,
    nullable: true,
    description: 'Null where the role was deleted after the invitation was accepted or had ended.',
  })
  role!: NamedReference | null;
  @ApiProperty({ enum: INVITATION_STATUSES }) status!: InvitationStatus;
  @ApiProperty({
    enum: ['mail', 'link'],
    description: 'Whether the link was mailed, or is handed out by whoever made it.',
  })
  delivery!: 'mail' | 'link';
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When the mail server took the mail; null before that, and where there is no mail.',
  })
  sentAt!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) expiresAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) acceptedAt!: string | null;
  @ApiProperty({ type: InvitedByResponse }) invitedBy!: InvitedByResponse;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: string;
}

/** An invitation just made or renewed. */
@ApiSchema({ name: 'InvitationWithLink' })
export class InvitationWithLinkResponse extends InvitationResponse {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where no mail server is configured: the link, shown now and never again. Else null.',
    example: 'https://gate.example.com/invitation#token=…',
  })
  link!: string | null;
}

/** Whoever has accepted an invitation. */
@ApiSchema({ name: 'JoinedMember' })
export class JoinedMemberResponse {
  @ApiProperty({ example: 'mem_01h455vb4pex5vsknk084sn02q' }) id!: string;
  @ApiProperty({ example: 'ada@example.com', description: 'To sign in with.' }) email!: string;
  @ApiProperty({ example: 'Ada Lovelace' }) name!: string;
  @ApiProperty({ type: NamedReference }) role!: NamedReference;
  @ApiProperty({ type: NamedReference }) organization!: NamedReference;
}

/** Changes with the clock, so it is no part of the version. */
export const UNVERSIONED_INVITATION_FIELDS = ['status'];
