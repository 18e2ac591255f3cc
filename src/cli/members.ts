import {
  baseOfInstallation,
  CreateInvitationInput,
  InvitationsService,
  ListMembersQuery,
  MemberAdministration,
  MemberList,
  presentMember,
  UpdateMemberInput,
} from '../members/index.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { Database } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import { toPublicId } from '../platform/ids/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { confirm } from './confirm.js';
import { memberNamed, organizationFor, organizationNamed } from './find.js';
import { given } from './given.js';
import { linkText } from './invitation-views.js';
import { memberText, membersText } from './member-views.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

export interface ListMembersOptions extends CommonOptions {
  readonly organization?: string;
  readonly status?: string;
  readonly role?: string;
  readonly search?: string;
  readonly page: string;
  readonly limit: string;
}

export interface InviteOptions extends CommonOptions {
  readonly role: string;
  readonly organization?: string;
  readonly name?: string;
}

/** `gatehouse members list` */
export function listMembers(options: ListMembersOptions): Promise<Answer> {
  const { organization: publicId, role: roleId, status, search, page, limit } = options;
  return withApplication(async (app) => {
    const { manager } = app.get(Database);
    const organization = publicId === undefined ? undefined : await organizationNamed(manager, publicId);
    const query = readInput(ListMembersQuery, given({ roleId, status, search, page, limit }), 'query');
    const found = await app.get(MemberList).page(query, organization?.id);
    return { document: found, text: membersText(found) };
  });
}

/** `gatehouse members show` */
export function showMember(reference: string): Promise<Answer> {
  return withApplication(async (app) => {
    const { manager } = app.get(Database);
    const view = await presentMember(manager, (await memberNamed(manager, reference)).id);
    return { document: view, text: memberText(view) };
  });
}

/** `gatehouse members invite` */
export function inviteMember(email: string, options: InviteOptions): Promise<Answer> {
  const { role: roleId, organization: publicId, name } = options;
  return withApplication((app) => {
    const base = baseOfInstallation(app.get<Config>(CONFIG));
    return app.get(Database).write({ actor: CLI_ACTOR, reason: 'gatehouse members invite' }, async (tx) => {
      const input = readInput(CreateInvitationInput, given({ email, roleId, name }), 'body');
      const organization = await organizationFor(tx, publicId);
      const inviter = { actor: CLI_ACTOR, by: null, base };
      const made = await app.get(InvitationsService).create(tx, organization.id, input, inviter);
      const words = `Invited ${made.email} to "${organization.name}" as ${made.role?.name ?? roleId}.`;
      return { document: made, text: `${words}\n\n${linkText(made)}` };
    });
  });
}

/** `gatehouse members rename` */
export const renameMember = (reference: string, name: string): Promise<Answer> =>
  update('rename', reference, { name });

/** `gatehouse members set-role` */
export const setRole = (reference: string, roleId: string): Promise<Answer> =>
  update('set-role', reference, { roleId });

/** `gatehouse members disable` */
export const disableMember = (reference: string): Promise<Answer> =>
  update('disable', reference, { status: 'disabled' });

/** `gatehouse members enable` */
export const enableMember = (reference: string): Promise<Answer> =>
  update('enable', reference, { status: 'active' });

/** `gatehouse members delete` */
export function deleteMember(
  reference: string,
  { yes, json }: CommonOptions & { readonly yes?: boolean },
): Promise<Answer> {
  return withApplication(async (app) => {
    const database = app.get(Database);
    // Asked outside the transaction: nobody's lock waits for an answer.
    const { id, organizationId, name, email } = await memberNamed(database.manager, reference);
    if (!yes) await confirm(`Delete ${name} (${email})? The sessions end; the logs keep the name.`, json);
    await database.write({ actor: CLI_ACTOR, reason: 'gatehouse members delete' }, (tx) =>
      app.get(MemberAdministration).delete(tx, organizationId, id, { by: null }),
    );
    const document = { id: toPublicId('member', id), email, name, deleted: true };
    return { document, text: `Deleted ${name} (${email}).` };
  });
}

function update(command: string, reference: string, body: object): Promise<Answer> {
  return withApplication((app) => {
    const input = readInput(UpdateMemberInput, body, 'body');
    const reason = `gatehouse members ${command}`;
    return app.get(Database).write({ actor: CLI_ACTOR, reason }, async (tx) => {
      const { id, organizationId } = await memberNamed(tx, reference);
      const view = await app.get(MemberAdministration).update(tx, organizationId, id, input, { by: null });
      return { document: view, text: memberText(view) };
    });
  });
}
