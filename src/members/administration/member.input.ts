import { EnumField, partialOf, TextField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';

export const MEMBER_STATUSES = ['active', 'disabled'] as const;
export type MemberStatus = (typeof MEMBER_STATUSES)[number];
const ORDERS = ['createdAt', 'name', 'email'] as const;

export const ROLE_REFERENCE = { max: 60, description: 'A role: its id, or the name of a built-in one.' };
export const MEMBER_NAME = { max: 100, description: 'What people call them.', example: 'Ada Lovelace' };

export class ListMembersQuery extends ListQuery {
  @EnumField({ values: MEMBER_STATUSES, optional: true, description: 'Members in this state alone.' })
  status?: MemberStatus;

  @TextField({ ...ROLE_REFERENCE, optional: true, example: 'analyst' }) roleId?: string;

  @TextField({
    max: 200,
    optional: true,
    description: 'Members with this in their name or e-mail address, in any case.',
    example: 'ada',
  })
  search?: string;

  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What to order by.' })
  sortBy!: (typeof ORDERS)[number];
}

class MemberFields {
  @TextField(MEMBER_NAME) name!: string;
  @TextField({ ...ROLE_REFERENCE, example: 'analyst' }) roleId!: string;
  @EnumField({
    values: MEMBER_STATUSES,
    description: 'A disabled member cannot sign in; its sessions end at once.',
  })
  status!: MemberStatus;
}

/** What changes on a member. */
export class UpdateMemberInput extends partialOf(MemberFields) {}
