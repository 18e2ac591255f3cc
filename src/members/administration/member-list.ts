import { Injectable } from '@nestjs/common';
import { Brackets } from 'typeorm';
import { Database } from '../../platform/database/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { fromPublicId } from '../../platform/ids/index.js';
import { BUILTIN_ROLES } from '../../roles/index.js';
import { Member } from '../member.entity.js';
import type { ListMembersQuery } from './member.input.js';
import { presentMembers } from './member-presenter.js';
import type { MemberResponse } from './member.response.js';

/** Lists members. */
@Injectable()
export class MemberList {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
  ) {}

  /**
   * A page of the members of an organization (UUID), or of all of them.
   * @throws InvalidInput for a cursor that is not this list's, or what is no role
   */
  async page(query: ListMembersQuery, organizationId?: string): Promise<Page<MemberResponse>> {
    const builder = this.database.manager.createQueryBuilder(Member, 'member').where('true');
    if (organizationId) builder.andWhere('member.organizationId = :organizationId', { organizationId });
    if (query.status) builder.andWhere('member.status = :status', { status: query.status });
    if (query.roleId !== undefined) {
      builder.andWhere('member.roleId = :roleId', { roleId: roleIdOf(query.roleId) });
    }
    if (query.search !== undefined) {
      const like = `%${query.search.replace(/[\\%_]/g, '\\$&')}%`;
      builder.andWhere(
        new Brackets((found) =>
          found.where('member.name ILIKE :like', { like }).orWhere('member.email ILIKE :like', { like }),
        ),
      );
    }
    const name = `members/${organizationId ?? 'all'}`;
    const page = await this.lists.page(query, { name, builder, present: ({ id }) => id });
    return { ...page, data: await presentMembers(this.database.manager, page.data) };
  }
}

function roleIdOf(reference: string): string {
  const id = BUILTIN_ROLES.find(({ name }) => name === reference)?.id ?? fromPublicId('role', reference);
  if (id === undefined) {
    throw new InvalidInput([
      { field: 'roleId', reason: 'must be the id of a role, rol_…, or a built-in one’s name' },
    ]);
  }
  return id;
}
