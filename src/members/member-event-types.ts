import { z } from 'zod';
import { type EventType, eventType, idIn, namedIn, timeIn } from '../platform/events/index.js';
import { MEMBER_STATUSES } from './administration/member.input.js';
import { INVITATION_STATUSES } from './invitations/invitation.input.js';
import { PASSWORD_CHANGES } from './new-passwords.js';

const MEMBER = {
  id: idIn('member'),
  organizationId: idIn('organization'),
  email: z.string(),
  name: z.string(),
  role: namedIn('role'),
  status: z.enum(MEMBER_STATUSES),
  operator: z.boolean().describe('Whether the member runs the installation.'),
  createdAt: timeIn(),
  updatedAt: timeIn(),
};
const INVITATION = {
  id: idIn('invitation'),
  email: z.string(),
  name: z.string().nullable(),
  role: namedIn('role').nullable(),
  status: z.enum(INVITATION_STATUSES),
  delivery: z.enum(['mail', 'link']),
  sentAt: timeIn().nullable(),
  expiresAt: timeIn(),
  acceptedAt: timeIn().nullable(),
  invitedBy: z.strictObject({ type: z.enum(['key', 'member', 'system']), id: z.string() }),
  createdAt: timeIn(),
  updatedAt: timeIn(),
};

export const MEMBER_EVENT_TYPES: readonly EventType[] = [
  eventType('member.invited', 'Somebody was invited; the data are the invitation.', INVITATION),
  eventType('member.joined', 'An invitation was accepted.', { ...MEMBER, invitationId: idIn('invitation') }),
  eventType('member.updated', 'A member was changed.', MEMBER),
  eventType('member.disabled', 'A member can no longer sign in.', MEMBER),
  eventType('member.deleted', 'A member was removed.', MEMBER),
  eventType('member.password_changed', 'A member has a new password.', {
    by: z.enum(PASSWORD_CHANGES).describe('How they came to it.'),
  }),
  eventType(
    'member.locked_out',
    'Too many wrong passwords or codes: nobody signs in as the member for now.',
    {
      until: timeIn(),
    },
  ),
  eventType('member.second_factor_enabled', 'A member has a second factor.', {}),
  eventType('member.second_factor_disabled', 'A member’s second factor was removed.', {}),
  eventType('member.recovery_code_used', 'A member used a recovery code.', {
    left: z.int().describe('Codes that are left.'),
  }),
];
