import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { INVITATION_STATUS_SQL, presentInvitation, presentInvitations } from './invitation-presenter.js';
import { Invitation } from './invitation.entity.js';
import type { ListInvitationsQuery } from './invitation.input.js';
import type { InvitationResponse } from './invitation.response.js';

/** Finds invitations; never with their links. */
@Injectable()
export class InvitationList {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
  ) {}

  /**
   * A page of the invitations of an organization (UUID), or of all of them.
   * @throws InvalidInput for a cursor that is not this list's
   */
  async page(query: ListInvitationsQuery, organizationId?: string): Promise<Page<InvitationResponse>> {
    const builder = this.database.manager.createQueryBuilder(Invitation, 'i').where('true');
    if (organizationId) builder.andWhere('i.organizationId = :organizationId', { organizationId });
    if (query.status) builder.andWhere(`${INVITATION_STATUS_SQL} = :status`, { status: query.status });
    const name = `invitations/${organizationId ?? 'all'}`;
    const page = await this.lists.page(query, { name, builder, present: ({ id }) => id });
    return { ...page, data: await presentInvitations(this.database.manager, page.data) };
  }

  /** @throws NotFound */
  async get(organizationId: string, id: string): Promise<InvitationResponse> {
    const found = await this.database.manager.existsBy(Invitation, { id, organizationId });
    if (!found) throw new NotFound();
    return presentInvitation(this.database.manager, id);
  }
}
