import { Invitation, Member } from '../members/index.js';
import type { Transaction } from '../platform/database/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import { Organization } from '../tenants/index.js';
import { CommandError } from './errors.js';

/** The organization with that public id. @throws CommandError */
export async function organizationNamed(tx: Transaction, publicId: string): Promise<Organization> {
  const id = fromPublicId('organization', publicId);
  const organization = id === undefined ? null : await tx.findOneBy(Organization, { id });
  if (!organization) throw new CommandError('NOT_FOUND', `There is no organization ${publicId}.`);
  return organization;
}

/**
 * The organization that something new is for: the one named, or the only one there is.
 * @throws CommandError where there is none, or no telling which
 */
export async function organizationFor(tx: Transaction, publicId: string | undefined): Promise<Organization> {
  if (publicId !== undefined) return organizationNamed(tx, publicId);
  const [first, second] = await tx.find(Organization, { order: { id: 'ASC' }, take: 2 });
  if (!first)
    throw new CommandError('NOT_FOUND', 'There is no organization yet: start the server once (npm start).');
  if (second) {
    throw new CommandError(
      'ORGANIZATION_REQUIRED',
      'There are several organizations: name one with --organization; "gatehouse organizations list" lists them.',
    );
  }
  return first;
}

/** The member with that public id or e-mail address. @throws CommandError */
export async function memberNamed(tx: Transaction, reference: string): Promise<Member> {
  const id = fromPublicId('member', reference);
  const member = await tx.findOneBy(
    Member,
    id === undefined ? { email: reference.trim().toLowerCase() } : { id },
  );
  if (!member) throw new CommandError('NOT_FOUND', `There is no member ${reference}.`);
  return member;
}

/** The invitation with that public id. @throws CommandError */
export async function invitationNamed(tx: Transaction, publicId: string): Promise<Invitation> {
  const id = fromPublicId('invitation', publicId);
  const invitation = id === undefined ? null : await tx.findOneBy(Invitation, { id });
  if (!invitation) throw new CommandError('NOT_FOUND', `There is no invitation ${publicId}.`);
  return invitation;
}
