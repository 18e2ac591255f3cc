import {
  baseOfInstallation,
  InvitationList,
  InvitationsService,
  ListInvitationsQuery,
} from '../members/index.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { Database } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { confirm } from './confirm.js';
import { invitationNamed, organizationNamed } from './find.js';
import { given } from './given.js';
import { invitationsText, invitationText, linkText } from './invitation-views.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

export interface ListInvitationsOptions extends CommonOptions {
  readonly organization?: string;
  readonly status?: string;
  readonly page: string;
  readonly limit: string;
}

/** `gatehouse invitations list` */
export function listInvitations(options: ListInvitationsOptions): Promise<Answer> {
  const { organization: publicId, status, page, limit } = options;
  return withApplication(async (app) => {
    const { manager } = app.get(Database);
    const organization = publicId === undefined ? undefined : await organizationNamed(manager, publicId);
    const query = readInput(ListInvitationsQuery, given({ status, page, limit }), 'query');
    const found = await app.get(InvitationList).page(query, organization?.id);
    return { document: found, text: invitationsText(found) };
  });
}

/** `gatehouse invitations show` */
export function showInvitation(publicId: string): Promise<Answer> {
  return withApplication(async (app) => {
    const { id, organizationId } = await invitationNamed(app.get(Database).manager, publicId);
    const view = await app.get(InvitationList).get(organizationId, id);
    return { document: view, text: invitationText(view) };
  });
}

/** `gatehouse invitations renew` */
export function renewInvitation(publicId: string): Promise<Answer> {
  return withApplication(async (app) => {
    const base = baseOfInstallation(app.get<Config>(CONFIG));
    const renewed = await app
      .get(Database)
      .write({ actor: CLI_ACTOR, reason: 'gatehouse invitations renew' }, async (tx) => {
        const { id, organizationId } = await invitationNamed(tx, publicId);
        return app.get(InvitationsService).renew(tx, organizationId, id, { by: null, base });
      });
    const text = `Renewed the invitation of ${renewed.email}; the old link works no more.\n\n${linkText(renewed)}`;
    return { document: renewed, text };
  });
}

/** `gatehouse invitations delete` */
export function deleteInvitation(
  publicId: string,
  { yes, json }: CommonOptions & { readonly yes?: boolean },
): Promise<Answer> {
  return withApplication(async (app) => {
    const database = app.get(Database);
    // Asked outside the transaction: nobody's lock waits for an answer.
    const { id, organizationId, email } = await invitationNamed(database.manager, publicId);
    if (!yes) await confirm(`Delete the invitation of ${email} (${publicId})? Its link stops working.`, json);
    await database.write({ actor: CLI_ACTOR, reason: 'gatehouse invitations delete' }, (tx) =>
      app.get(InvitationsService).delete(tx, organizationId, id, undefined),
    );
    const document = { id: publicId, email, deleted: true };
    return { document, text: `Deleted the invitation of ${email} (${publicId}).` };
  });
}
