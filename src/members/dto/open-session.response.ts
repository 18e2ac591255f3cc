import { ApiProperty } from '@nestjs/swagger';
import { idPattern } from '../../platform/http/input/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import type { Session } from '../session.entity.js';

/** One place where a member is signed in. */
export class OpenSessionResponse {
  @ApiProperty({ type: 'string', pattern: idPattern('session') }) id!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'To the minute.' }) lastSeenAt!: string;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'The latest end; two idle hours end it earlier.',
  })
  expiresAt!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'The address it was opened from.' })
  ip!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'What the browser called itself.' })
  userAgent!: string | null;
  @ApiProperty({ description: 'Whether it is the one that asks.' }) current!: boolean;
}

/** @param currentId UUID of the session that asks */
export function openSessionResponse(session: Session, currentId: string): OpenSessionResponse {
  return {
    id: toPublicId('session', session.id),
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    ip: session.ip,
    userAgent: session.userAgent,
    current: session.id === currentId,
  };
}
