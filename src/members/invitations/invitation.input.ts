import { EnumField, field, Refused, TextField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';
import { MEMBER_NAME, ROLE_REFERENCE } from '../administration/member.input.js';
import { EMAIL_MAX_LENGTH } from '../email.js';
import { newPasswordProblem, PASSWORD_MAX_BYTES } from '../passwords.js';

export const INVITATION_STATUSES = ['pending', 'accepted', 'expired'] as const;
export type InvitationStatus = (typeof INVITATION_STATUSES)[number];
const ORDERS = ['createdAt', 'email', 'expiresAt'] as const;

export class ListInvitationsQuery extends ListQuery {
  @EnumField({ values: INVITATION_STATUSES, optional: true, description: 'Invitations in this state alone.' })
  status?: InvitationStatus;

  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What to order by.' })
  sortBy!: (typeof ORDERS)[number];
}

/** Whom to invite, and as what. */
export class CreateInvitationInput {
  @TextField({
    max: EMAIL_MAX_LENGTH,
    description: 'The e-mail address to sign in with, in any case.',
    example: 'ada@example.com',
  })
  email!: string;

  @TextField({ ...ROLE_REFERENCE, example: 'analyst' }) roleId!: string;

  @TextField({ ...MEMBER_NAME, optional: true }) name?: string;
}

/** What the invited answer with. */
export class AcceptInvitationInput {
  @TextField({ max: 100, description: 'The token of the link, which comes after `#token=`.' })
  token!: string;

  @TextField({
    ...MEMBER_NAME,
    optional: true,
    description: 'What people call them; default the invitation’s name, where it has one.',
  })
  name?: string;

  @NewPasswordField() password!: string;
}

function NewPasswordField(): PropertyDecorator {
  const read = (value: unknown) => {
    if (typeof value !== 'string') return new Refused('must be text');
    const problem = newPasswordProblem(value);
    return problem === undefined ? value : new Refused(problem);
  };
  return field(
    { read, schema: { type: 'string', format: 'password', maxLength: PASSWORD_MAX_BYTES } },
    {
      description: 'The password to sign in with: 12 to 72 bytes of UTF-8.',
      example: 'correct horse battery',
    },
  );
}
