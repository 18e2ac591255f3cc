import { ApiProperty } from '@nestjs/swagger';
import { toPublicId } from '../../platform/ids/index.js';
import type { SignedIn } from '../sign-in.js';
import { NamedReference } from './named-reference.js';

export class SignedInMember {
  @ApiProperty({ example: 'mem_01h455vb4pex5vsknk084sn02q' }) id!: string;
  @ApiProperty({ example: 'ada@example.com' }) email!: string;
  @ApiProperty({ example: 'Ada' }) name!: string;
  @ApiProperty({ description: 'Whether the member runs the installation.' }) operator!: boolean;
  @ApiProperty({ type: NamedReference }) role!: NamedReference;
  @ApiProperty({ type: NamedReference }) organization!: NamedReference;
}

/** A session just opened; its cookie is in the headers. */
export class SessionResponse {
  @ApiProperty({ type: SignedInMember }) member!: SignedInMember;
  @ApiProperty({ description: 'Goes into `X-CSRF-Token` of every change; told once.' }) csrfToken!: string;
  @ApiProperty({ format: 'date-time', description: 'The latest end; two idle hours end it earlier.' })
  expiresAt!: string;
}

export function sessionResponse({ session, principal }: SignedIn): SessionResponse {
  return {
    member: {
      id: toPublicId('member', principal.id),
      email: principal.email,
      name: principal.name,
      operator: principal.operator,
      role: { id: toPublicId('role', principal.roleId), name: principal.roleName },
      organization: {
        id: toPublicId('organization', principal.organizationId),
        name: principal.organizationName,
      },
    },
    csrfToken: session.csrfToken,
    expiresAt: session.expiresAt.toISOString(),
  };
}
