import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { NamedReference } from '../dto/named-reference.js';
import { MEMBER_STATUSES, type MemberStatus } from './member.input.js';

/** A member as the organization's administrators see it. */
@ApiSchema({ name: 'Member' })
export class MemberResponse {
  @ApiProperty({ example: 'mem_01h455vb4pex5vsknk084sn02q' }) id!: string;
  @ApiProperty({ example: 'org_01k0b3w2f7e1rt5m8v9xq4zj6d' }) organizationId!: string;
  @ApiProperty({ example: 'ada@example.com' }) email!: string;
  @ApiProperty({ example: 'Ada Lovelace' }) name!: string;
  @ApiProperty({ type: NamedReference }) role!: NamedReference;
  @ApiProperty({ enum: MEMBER_STATUSES }) status!: MemberStatus;
  @ApiProperty({ description: 'Whether the member runs the installation.' }) operator!: boolean;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'No part of the version: the ETag stays when somebody signs in.',
  })
  lastSignInAt!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: string;
}

/** Figures of last use are no part of a member's version. */
export const UNVERSIONED_MEMBER_FIELDS = ['lastSignInAt'];
